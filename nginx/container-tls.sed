# The site with TLS in the image of nginx: applied after container.sed. It uncomments the lines of rollcall.conf for nginx
# 1.22, which is Debian 12's.
s|^\tlisten 8080;|\tlisten 8443 ssl http2;|
s|^\t# ssl_|\tssl_|
s|/etc/ssl/certs/rollcall.pem|/etc/rollcall/tls/fullchain.pem|
s|/etc/ssl/private/rollcall.key|/etc/rollcall/tls/privkey.pem|
s|root /var/www/html;|root /etc/rollcall/tls/webroot;|
/^# With TLS/,$ {
	/^# With TLS/d
	s|^# \{0,1\}||
	s|listen 80 |listen 8080 |
	/listen \[::\]/d
}
