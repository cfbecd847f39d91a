# What scripts say of themselves. Source this file.

# usage SCRIPT: its first comment, which ends where `set` stands.
usage() {
	sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$1"
}
