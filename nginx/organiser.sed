# The site with its locations for organisers: uncomments them.
/^\t# location ^~ \/admin /,/^$/s/^\t# \{0,1\}/\t/
