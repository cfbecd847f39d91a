# shellcheck shell=bash
# Whether a program was built so that a fault in it is hard to make use of, as its ELF file shows. Needs fail().

# expect_layout PROGRAM: it is loaded at a random place, no part of it can be both written and run, nor can its stack, and what is
# linked as it starts can afterwards not be written.
expect_layout() {
	local headers dynamic

	headers=$(readelf --file-header --program-headers --wide "$1")
	dynamic=$(readelf --dynamic --wide "$1")
	[[ $headers =~ Type:\ +DYN\  ]] || fail "$1 is not position-independent"
	[[ $dynamic =~ FLAGS_1\)\ +Flags:.*\ PIE ]] || fail "$1 is not linked as PIE"
	[[ $headers =~ GNU_STACK[^$'\n']*\ RW\  ]] || fail "the stack of $1 can be run"
	[[ ! $headers =~ LOAD[^$'\n']*\ RWE\  ]] || fail "$1 has memory that can be written and run"
	[[ $headers == *GNU_RELRO* && $dynamic =~ FLAGS\)\ +BIND_NOW ]] || fail "$1 can be linked anew while it runs"
}

# expect_checks PROGRAM FUNCTION…: it calls these of the C library, which check sizes, and the one that reports a stack.
expect_checks() {
	local calls function

	calls=$(nm --dynamic --undefined-only "$1" | sed 's/.* \([^@]*\).*/\1/')
	for function in __stack_chk_fail "${@:2}"; do
		grep -q -x "$function" <<<"$calls" || fail "$1 does not call $function; of its kind are: $(grep _chk <<<"$calls")"
	done
}

# expect_branch_targets PROGRAM: main(), and every function that a table of the program points to, begin with the instruction that
# an indirect call has to arrive at. The processor checks that once the C library and every other library have it, too.
expect_branch_targets() {
	local begins

	objdump --disassemble --section .text --no-show-raw-insn "$1" >"$BATS_TEST_TMPDIR/code"
	case $(uname -m) in
	x86_64) begins='endbr64' ;;
	aarch64) begins='bti|paciasp' ;;
	*) skip "it is not known here what they begin with on $(uname -m)" ;;
	esac
	awk -v begins="^($begins)\$" '
		function padded(address) { return substr("0000000000000000" address, length(address) + 1) }
		FILENAME == ARGV[1] && $1 ~ /^[0-9a-f]+:$/ { code[padded(substr($1, 1, length($1) - 1))] = $2 }
		FILENAME == ARGV[2] && /_RELATIVE / {
			at = padded($NF)
			if (!(at in code)) # it is data
				next
			found++
			if (code[at] !~ begins)
				print "no function that may be pointed to is at " at ": " code[at]
		}
		END { if (found < 10) print "only " found + 0 " functions are pointed to" }
	' "$BATS_TEST_TMPDIR/code" <(readelf --relocs --wide "$1") >"$BATS_TEST_TMPDIR/targets"
	[[ ! -s $BATS_TEST_TMPDIR/targets ]] || fail "$1:" "$(<"$BATS_TEST_TMPDIR/targets")"
}

# expect_stack_probes PROGRAM: no step down the stack is longer than a page, which is how long the forbidden one beneath it is.
expect_stack_probes() {
	local steps

	[[ $(uname -m) == x86_64 ]] || skip "it is not known here how a stack grows on $(uname -m)"
	objdump --disassemble --no-show-raw-insn "$1" >"$BATS_TEST_TMPDIR/code"
	# shellcheck disable=SC2016 # nothing in it is the shell's
	grep -q -E 'or[ql] +\$0x0,(0x[0-9a-f]+)?\(%rsp\)' "$BATS_TEST_TMPDIR/code" || fail "$1 touches no page of its stack on the way"
	steps=$(sed -n 's/.* sub *\$\(0x[0-9a-f]*\),%rsp$/\1/p' "$BATS_TEST_TMPDIR/code" | grep -E -v -x '0x([0-9a-f]{1,3}|1000)' || true)
	[[ -z $steps ]] || fail "$1 has steps of" "$steps"
}
