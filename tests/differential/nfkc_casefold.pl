#!/usr/bin/perl
# NFKC_Casefold of every code point, as Perl's Unicode data has it (UAX 44, NFKC_CF): its code points in hexadecimal on a line,
# or "unassigned". The first line is the version of that data.
use strict;
use warnings;
use Unicode::UCD qw(prop_invmap);

my ($starts, $maps, $format, $default) = prop_invmap('NFKC_Casefold');
die "NFKC_Casefold has the format $format\n" unless $format eq 'ale';
print Unicode::UCD::UnicodeVersion(), "\n";

for my $range (0 .. $#$starts) {
	my $start = $starts->[$range];
	my $end = $range < $#$starts ? $starts->[$range + 1] : 0x110000;
	my $map = $maps->[$range];
	last if $start > 0x10ffff;
	for my $point ($start .. $end - 1) {
		if (chr($point) =~ /\p{Cn}/) {
			print "unassigned\n";
		} elsif (ref $map) {
			printf "%s\n", join ' ', map { sprintf '%x', $_ } @$map;
		} elsif ($map eq '') {
			print "\n";
		} else {
			printf "%x\n", $map eq $default ? $point : $map + $point - $start;
		}
	}
}
