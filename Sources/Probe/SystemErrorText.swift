import Glibc
import Linux

/// Explanations of socket errnos for a probe.
extension ProbeProblem {
  /// Explains each errno that socket(2), connect(2), recv(2) or send(2) may return (see also tcp(7), ip(7),
  /// ipv6(7), and the errnos that the kernel derives from ICMP errors), and any other.
  func explanation(ofSystem number: Int32) -> Explanation {
    func row(_ cause: ProbeCause, _ meaning: String, _ remedy: String) -> Explanation {
      Explanation(cause, "\(meaning) (\(ErrorText.of(number)))", remedy)
    }
    switch number {
    case ECONNREFUSED:
      return Explanation(
        .refused, "refused: nothing listens on this port",
        "start the SCP, or use the port that it listens on")
    case EPIPE, ECONNRESET, ENETRESET, ECONNABORTED, ENOTCONN, ESHUTDOWN:
      return Explanation(.reset, "the peer reset the connection", goneRemedy)
    case ENETDOWN:
      return row(
        .noRoute, "this machine's network is down",
        "connect this machine to the network (ip link shows its interfaces)")
    case EINVAL where lacksInterface, ENODEV, ENXIO:
      return row(
        .noRoute,
        lacksInterface
          ? "a link-local address needs the name of its interface"
          : "this machine has no such network interface",
        "append the interface to the address, as in [fe80::1%eth0]:104 (ip link lists them)")
    // The kernel reports a blackhole route (ip-route(8)) as an invalid argument, too.
    case ENETUNREACH, EHOSTUNREACH, EHOSTDOWN, ENONET, EPROTO, ENOPROTOOPT, EINVAL:
      return row(
        .noRoute, "no route to this address",
        "check the address, the routes, and the firewalls in between"
          + (isIPv6 ? "; if IPv6 does not get there, use the host's IPv4 address" : ""))
    case EAFNOSUPPORT, EPFNOSUPPORT, EPROTONOSUPPORT, ESOCKTNOSUPPORT:
      return row(.noIPVersion, "this machine has no \(versions.this)", versionRemedy)
    case EADDRNOTAVAIL where isIPv6:
      return row(
        .noIPVersion, "this machine has no \(versions.this) address to connect from",
        "\(versionRemedy); if it is enabled, all ports are in use (ss -s)")
    case EADDRNOTAVAIL, EADDRINUSE, EAGAIN:
      return row(
        .localLimit, "this machine has no free port to connect from",
        "wait for other connections of this machine to end (ss -s), or widen "
          + "net.ipv4.ip_local_port_range")
    case EPERM, EACCES:
      return row(
        .forbidden, "a firewall or a security policy forbids this connection",
        "check this machine's firewalls and routes (ip route get), the firewalls in between, and what "
          + "confines this program: systemd, a container, SELinux or AppArmor")
    case ENFILE, EMFILE:
      return row(
        .localLimit, "this machine or this program has reached its limit of open files",
        "close other programs, or raise the limit of open files (ulimit -n)")
    case ENOMEM, ENOBUFS:
      return row(
        .localLimit, "this machine has no memory left for a connection",
        "close other programs, or give this machine more memory")
    case ETIMEDOUT:
      return row(
        .timeout, "the host does not answer",
        "check the address, whether the host is up, and the firewalls in between")
    default:
      return row(
        .system, "the connection failed",
        "see this machine's kernel log (journalctl -k), and check what confines this program")
    }
  }

  private var versionRemedy: String {
    "use the host's \(versions.other) address, or enable \(versions.this) on this machine"
      + (isIPv6 ? " (sysctl net.ipv6.conf.all.disable_ipv6)" : "")
  }

  /// The IP version of the address, and the other one.
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
