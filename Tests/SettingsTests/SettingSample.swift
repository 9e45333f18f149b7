import Settings
import Testing

/// The expected properties of a setting: for a new setting, add a row here.
struct SettingSample: Sendable, CustomTestStringConvertible {
  let key: String
  let short: String?
  let section: Setting.Section
  /// The default value.
  let usual: String
  /// Three values, the first of which is not the default.
  let values: [String]
  var testDescription: String { key }

  init(
    _ key: String, short: String? = nil, _ section: Setting.Section, _ usual: String,
    _ values: String...
  ) {
    (self.key, self.short, self.section) = (key, short, section)
    (self.usual, self.values) = (usual, values)
  }

  /// Every setting, in the order of the table.
  static let all = [
    SettingSample("log-level", short: "ll", .general, "auto", "critical", "error", "info"),
    SettingSample("log-target", .general, "auto", "journal", "stderr", "journal"),
    SettingSample("log-pdus", .general, "yes", "no", "no", "no"),
    SettingSample("user", .general, "none", "nobody", "root", "echoscp"),
    SettingSample("core-dumps", .general, "no", "yes", "yes", "yes"),
    SettingSample("port", .network, "11112", "104", "104, 2762", "2761"),
    SettingSample("ae-title", short: "aet", .network, "ECHOSCP", "A", "B", "C"),
    SettingSample("acse-timeout", short: "ta", .network, "30", "1", "2", "3"),
    SettingSample("dimse-timeout", short: "td", .network, "30", "4", "5", "6"),
    SettingSample("network-timeout", short: "tn", .network, "30", "7", "8", "9"),
    SettingSample("max-pdu", short: "pdu", .network, "16382", "16", "17", "18"),
    SettingSample(
      "bind-address", short: "ba", .network, "all", "::1", "127.0.0.1", "::1, 127.0.0.1"),
    SettingSample("workers", .network, "auto", "1", "2", "3"),
    SettingSample("drain-timeout", .network, "5", "10", "11", "12"),
    SettingSample("prefer", .transferSyntaxes, "none", "little", "big", "implicit"),
    SettingSample("require-called-ae-title", .access, "no", "yes", "yes", "yes"),
    SettingSample("allow-calling-ae-titles", .access, "all", "CT*", "B", "C"),
    SettingSample("allow-addresses", .access, "all", "192.0.2.1", "192.0.2.0/24, ::1", "::1"),
    SettingSample("deny-addresses", .access, "none", "::/0", "192.0.2.1, 192.0.2.2", "::1"),
    SettingSample("tls-port", .tls, "none", "2762", "2762, 2763", "2764"),
    SettingSample("tls-certificate", .tls, "none", "/etc/echoscp/tls.pem", "tls.pem", "./none"),
    SettingSample("tls-private-key", .tls, "none", "/etc/echoscp/key.pem", "../key", "a b#c"),
    SettingSample("tls-ca-certificates", .tls, "none", "/etc/echoscp/ca", "ca/", "a b,c.pem"),
    SettingSample("tls-device-certificates", .tls, "none", "/srv/devices", "a=b", "ä.pem"),
    SettingSample("tls-crl", .tls, "none", "/var/lib/crl.pem", ".", "-crl"),
    SettingSample("tls-client-certificate", .tls, "request", "require", "no", "require"),
    SettingSample("tls-min-version", .tls, "1.2", "1.3", "1.3", "1.3"),
    SettingSample("max-tls-associations", .tls, "2000", "1", "2", "3"),
    SettingSample("proxy-port", .proxy, "none", "11113", "11113, 104", "2761"),
    SettingSample("tls-proxy-port", .proxy, "none", "2763", "2763, 2762", "2764"),
    SettingSample("proxy-trusted", .proxy, "none", "192.0.2.1", "192.0.2.0/24, ::1", "::1"),
    SettingSample("max-associations", .limits, "auto", "1", "2", "3"),
    SettingSample("max-associations-per-address", .limits, "0", "1", "2", "3"),
    SettingSample("max-pending", .limits, "auto", "1", "2", "3"),
    SettingSample("max-pending-per-address", .limits, "0", "1", "2", "3"),
    SettingSample("max-connection-rate", .limits, "0", "1", "2", "3"),
    SettingSample("partial-pdu-memory", .limits, "32M", "64K", "1M", "1G"),
    SettingSample("max-pdus-per-wakeup", .limits, "1024", "1", "2", "3"),
    SettingSample("max-bytes-per-wakeup", .limits, "64K", "4K", "5000", "8K"),
    SettingSample("max-unread", .limits, "16K", "32K", "17000", "1M"),
  ]

  /// The keys of a section as listed in a message.
  static func keys(of section: Setting.Section) -> String {
    all.filter { $0.section == section }.map(\.key).joined(separator: ", ")
  }
}
