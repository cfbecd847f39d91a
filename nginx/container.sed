# The site in the image of nginx, without privileges: app/Dockerfile applies this to rollcall.conf.

# IPv4 only: a container has IPv6 only if its engine is configured for it. The other port is for the health check within the
# container, from which the inherited sockets may not be reachable.
s|^\tlisten 80;|\tlisten 8080;\n\tlisten 127.0.0.1:8081;|
/^\tlisten \[::\]:80;/d

# container.conf recognises the machine by more than its address.
s|if (\$rollcall_watcher = 0)|if ($rollcall_is_elsewhere)|

# The locations for organisers are there if the container has their passwords (organisers).
/^\t# Organisers, with --admin on/,/^$/c\
\tinclude /run/nginx/organisers*.conf;\

