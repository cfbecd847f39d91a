# The site as the image of nginx has it, unprivileged: app/Dockerfile applies this to rollcall.conf.

# Over IPv4 only: a container has IPv6 where its engine was told so. The other port is for the health check within the
# container, which the sockets that are taken over may not be reached from.
s|^\tlisten 80;|\tlisten 8080;\n\tlisten 127.0.0.1:8081;|
/^\tlisten \[::\]:80;/d

# container.conf knows the machine by more than its address.
s|if (\$rollcall_watcher = 0)|if ($rollcall_is_elsewhere)|
