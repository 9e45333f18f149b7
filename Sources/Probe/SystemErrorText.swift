import Glibc
import Linux

/// What the errno of a socket means for a probe.
extension ProbeProblem {
  /// One row for each errno that socket(2), connect(2), recv(2) or send(2) may give (see also tcp(7),
  /// ip(7), ipv6(7), and the ICMP errors that the kernel makes of them), and one for any other.
  func explanation(ofSystem number: Int32) -> Explanation {
    func row(_ cause: ProbeCause, _ meaning: String, _ remedy: String) -> Explanation {
      Explanation(cause, "\(meaning) (\(ErrorText.of(number)))", remedy)
    }
    switch number {
    case ECONNREFUSED:
      return Explanation(
        .refused, "refused: nothing listens at this port",
        "start the SCP there, or name the port at which it listens")
    case EPIPE, ECONNRESET, ENETRESET, ECONNABORTED, ENOTCONN, ESHUTDOWN:
      return Explanation(.reset, "the peer has reset the connection", goneRemedy)
    case ENETDOWN:
      return row(
        .noRoute, "the network of this machine is down",
        "connect this machine to the network (ip link shows its interfaces)")
    case EINVAL where lacksInterface, ENODEV, ENXIO:
      return row(
        .noRoute,
        lacksInterface
          ? "a link-local address does not tell which interface leads to it"
          : "this machine has no such network interface",
        "name the interface behind the address, as in [fe80::1%eth0]:104 (ip link shows them)")
    // A blackhole among the routes (ip-route(8)) is an invalid argument, too.
    case ENETUNREACH, EHOSTUNREACH, EHOSTDOWN, ENONET, EPROTO, ENOPROTOOPT, EINVAL:
      return row(
        .noRoute, "no route to this address",
        "check the address, and the routes and firewalls in between"
          + (isIPv6 ? "; where IPv6 does not lead there, name the IPv4 address of the host" : ""))
    case EAFNOSUPPORT, EPFNOSUPPORT, EPROTONOSUPPORT, ESOCKTNOSUPPORT:
      return row(.noIPVersion, "this machine has no \(versions.this)", versionRemedy)
    case EADDRNOTAVAIL where isIPv6:
      return row(
        .noIPVersion, "this machine has no \(versions.this) address to call from",
        "\(versionRemedy); if it is enabled, no port is free (ss -s)")
    case EADDRNOTAVAIL, EADDRINUSE, EAGAIN:
      return row(
        .localLimit, "this machine has no free port to call from",
        "wait until other connections of this machine have ended (ss -s), or widen "
          + "net.ipv4.ip_local_port_range")
    case EPERM, EACCES:
      return row(
        .forbidden, "a firewall or a security policy forbids this connection",
        "check the firewalls and routes (ip route get) of this machine, the firewalls in between, and "
          + "what confines this program: systemd, a container, SELinux or AppArmor")
    case ENFILE, EMFILE:
      return row(
        .localLimit, "this machine or this program has as many open files as it may",
        "end other programs, or raise the limit of open files (ulimit -n)")
    case ENOMEM, ENOBUFS:
      return row(
        .localLimit, "this machine has no memory left for a connection",
        "end other programs on this machine, or give it more memory")
    case ETIMEDOUT:
      return row(
        .timeout, "the host does not answer",
        "check the address, whether the host is up, and firewalls")
    default:
      return row(
        .system, "the connection has failed",
        "look at the kernel log of this machine (journalctl -k), and at what confines this program")
    }
  }

  private var versionRemedy: String {
    "name the \(versions.other) address of the host, or enable \(versions.this) on this machine"
      + (isIPv6 ? " (sysctl net.ipv6.conf.all.disable_ipv6)" : "")
  }

  /// The protocol of the address, and the other one.
  private var versions: (this: String, other: String) {
    isIPv6 ? ("IPv6", "IPv4") : ("IPv4", "IPv6")
  }

  private var isIPv6: Bool { address?.address.utf8.contains(UInt8(ascii: ":")) == true }

  /// Whether the address is link-local (RFC 4291 §2.5.6) and does not name the interface of its link.
  private var lacksInterface: Bool {
    guard let address, isIPv6, address.scope == 0 else { return false }
    return address.bytes[0] == 0xFE && address.bytes[1] & 0xC0 == 0x80
  }
}
