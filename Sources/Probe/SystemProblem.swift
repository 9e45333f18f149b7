import Linux
import UpperLayer

/// An errno of socket(2), connect(2), recv(2) or send(2) on the way to an address, told to a person.
///
/// Each that these may give (see also tcp(7), ip(7), ipv6(7), and the ICMP errors that the kernel makes
/// of them) belongs to a kind, which has a cause, a text and a remedy; any other one is the last kind,
/// so that there is none without words.
struct SystemProblem {
  /// The errno.
  let number: Int32
  /// The address that was to be reached.
  let address: NetworkAddress?

  /// What it comes to.
  private enum Kind {
    case refused, noRoute, noNetwork, noInterface, noIPVersion, noSourceAddress, noPort
    case forbidden, descriptors, memory, silence, reset, other
  }

  /// The errnos of Linux, as in asm-generic/errno.h.
  private enum Known: Int32 {
    case notPermitted = 1
    case noSuchDeviceOrAddress = 6
    case tryAgain = 11
    case outOfMemory = 12
    case accessDenied = 13
    case noSuchDevice = 19
    case invalidArgument = 22
    case filesOfSystem = 23
    case filesOfProcess = 24
    case brokenPipe = 32
    case notOnNetwork = 64
    case protocolError = 71
    case noSuchProtocolOption = 92
    case protocolUnsupported = 93
    case socketTypeUnsupported = 94
    case protocolFamilyUnsupported = 96
    case addressFamilyUnsupported = 97
    case addressInUse = 98
    case addressNotAvailable = 99
    case networkDown = 100
    case networkUnreachable = 101
    case networkReset = 102
    case aborted = 103
    case reset = 104
    case noBuffers = 105
    case notConnected = 107
    case shutDown = 108
    case timedOut = 110
    case refused = 111
    case hostDown = 112
    case hostUnreachable = 113
  }

  private var kind: Kind {
    switch Known(rawValue: number) {
    case .refused: .refused
    case .networkDown: .noNetwork
    case .networkUnreachable, .hostUnreachable, .hostDown, .notOnNetwork, .protocolError,
      .noSuchProtocolOption:
      .noRoute
    case .noSuchDevice, .noSuchDeviceOrAddress: .noInterface
    // A blackhole among the routes (ip-route(8)) is an invalid argument, too.
    case .invalidArgument: lacksInterface ? .noInterface : .noRoute
    case .addressFamilyUnsupported, .protocolFamilyUnsupported, .protocolUnsupported,
      .socketTypeUnsupported:
      .noIPVersion
    case .addressNotAvailable: isIPv6 ? .noSourceAddress : .noPort
    case .addressInUse, .tryAgain: .noPort
    case .notPermitted, .accessDenied: .forbidden
    case .filesOfSystem, .filesOfProcess: .descriptors
    case .outOfMemory, .noBuffers: .memory
    case .timedOut: .silence
    case .brokenPipe, .reset, .networkReset, .aborted, .notConnected, .shutDown: .reset
    case nil: .other
    }
  }

  private var isIPv6: Bool { address?.address.utf8.contains(UInt8(ascii: ":")) == true }

  /// Whether it is a link-local address (RFC 4291 §2.5.6) without the interface on whose link it counts.
  private var lacksInterface: Bool {
    guard let address, isIPv6, address.scope == 0 else { return false }
    return address.bytes[0] == 0xFE && address.bytes[1] & 0xC0 == 0x80
  }

  /// The protocol of the address, and the other one.
  private var versions: (this: String, other: String) {
    isIPv6 ? ("IPv6", "IPv4") : ("IPv4", "IPv6")
  }

  /// A word for it that stays the same.
  var cause: ProbeCause {
    switch kind {
    case .refused: .refused
    case .noRoute, .noNetwork, .noInterface: .noRoute
    case .noIPVersion, .noSourceAddress: .noIPVersion
    case .noPort, .descriptors, .memory: .localLimit
    case .forbidden: .forbidden
    case .silence: .timeout
    case .reset: .reset
    case .other: .system
    }
  }

  /// What happened.
  var text: String {
    switch kind {
    case .refused: "refused: nothing listens at this port"
    case .reset: "the peer has reset the connection"
    default: "\(meaning) (\(ErrorText.of(number)))"
    }
  }

  private var meaning: String {
    switch kind {
    case .refused, .noRoute: "no route to this address"
    case .noNetwork: "the network of this machine is down"
    case .noInterface:
      lacksInterface
        ? "a link-local address does not tell which interface leads to it"
        : "this machine has no such network interface"
    case .noIPVersion: "this machine has no \(versions.this)"
    case .noSourceAddress: "this machine has no \(versions.this) address to call from"
    case .noPort: "this machine has no free port to call from"
    case .forbidden: "a firewall or a security policy forbids this connection"
    case .descriptors: "this machine or this program has as many open files as it may"
    case .memory: "this machine has no memory left for a connection"
    case .silence: "the host does not answer"
    case .reset, .other: "the connection has failed"
    }
  }

  /// What to do; `nil` for a connection that was there and has been reset, which the phase tells more of.
  var remedy: String? {
    switch kind {
    case .refused: "start the SCP there, or name the port at which it listens"
    case .noRoute:
      "check the address, and the routes and firewalls in between"
        + (isIPv6 ? "; where IPv6 does not lead there, name the IPv4 address of the host" : "")
    case .noNetwork: "connect this machine to the network (ip link shows its interfaces)"
    case .noInterface:
      "name the interface behind the address, as in [fe80::1%eth0]:104 (ip link shows them)"
    case .noIPVersion, .noSourceAddress:
      "name the \(versions.other) address of the host, or enable \(versions.this) on this machine"
        + (isIPv6 ? " (sysctl net.ipv6.conf.all.disable_ipv6)" : "")
        + (kind == .noSourceAddress ? "; if it is enabled, no port is free (ss -s)" : "")
    case .noPort:
      "wait until other connections of this machine have ended (ss -s), or widen "
        + "net.ipv4.ip_local_port_range"
    case .forbidden:
      "check the firewalls and routes (ip route get) of this machine, the firewalls in between, and "
        + "what confines this program: systemd, a container, SELinux or AppArmor"
    case .descriptors: "end other programs, or raise the limit of open files (ulimit -n)"
    case .memory: "end other programs on this machine, or give it more memory"
    case .silence: "check the address, whether the host is up, and firewalls"
    case .reset: nil
    case .other:
      "look at the kernel log of this machine (journalctl -k), and at what confines this program"
    }
  }
}
