# The usage texts of scripts. Source this file.

# usage SCRIPT: its first comment, up to `set`.
usage() {
	sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$1"
}
