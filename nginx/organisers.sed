# The locations for organisers alone, for the image of nginx.
/^\t# location ^~ \/admin /,/^$/!d
s/^\t# \{0,1\}/\t/
s|/etc/nginx/rollcall.htpasswd|/run/nginx/htpasswd|
