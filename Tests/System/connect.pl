#!/usr/bin/perl
# Tries every way to connect a socket from within the daemon's service, and prints the result of each.
# The first argument is a port of 127.0.0.1 in the network of the passed sockets.
use strict;
use warnings;
use Socket qw(:all);
$| = 1;

my $port = shift;
my $there = pack_sockaddr_in6($port, inet_pton(AF_INET6, '::ffff:127.0.0.1'));
my $nowhere = pack('S x14', AF_UNSPEC);

sub attempt {
  my ($what, $done) = @_;
  print $what, ': ', ($done ? 'done' : "$!"), "\n";
}

my %families = (AF_UNIX => 1, AF_INET => 2, AF_INET6 => 10, AF_NETLINK => 16, AF_PACKET => 17,
  AF_VSOCK => 40);
for my $name (sort { $families{$a} <=> $families{$b} } keys %families) {
  attempt("a socket of $name", socket(my $new, $families{$name}, SOCK_STREAM, 0));
}

open(my $passed, '+<&=', 3) or print "the passed socket: $!\n";
attempt('accepting at the passed socket', accept(my $accepted, $passed));
attempt('taking the accepted one away from its peer', connect($accepted, $nowhere));
attempt('connecting the accepted one', connect($accepted, $there));
shutdown($passed, 2);
attempt('connecting the passed one', connect($passed, $there));
# MSG_FASTOPEN connects by sending.
attempt('connecting the accepted one by sending', send($accepted, 'x', 0x20000000, $there));
attempt('connecting the passed one by sending', send($passed, 'x', 0x20000000, $there));

# io_uring makes system calls that the filter never sees; io_uring_setup is 425 on every architecture.
my $room = "\0" x 120;
attempt('a queue of calls that are not filtered', syscall(425, 4, $room) >= 0);
print "end\n";
