import Requestor
import UpperLayer

@testable import Settings

/// Chapter 6: every setting, with its default and its values, from the table that drives the
/// program.
extension Conformance {
  static func configuration(_ document: inout MarkdownDocument) {
    document.section("6", "Configuration")
    document.section("6.1", "General configuration parameters")
    document.paragraph(
      """
      Each parameter is a key of \(ConfigurationFile.standardPath), or of a file in \
      \(ConfigurationFile.folder(of: ConfigurationFile.standardPath)), and an option of the \
      command line with the same name. echoscp.conf(5) says what each is for. "Reload" has a new \
      value take effect for new associations when the service is told to read its files again; \
      "restart" when it is started again. A configuration that is wrong starts no service and \
      replaces no good one. The last column is what the initiator, --probe, makes of one: "yes" \
      where the command line says it, or the file that is named or, for the service of this machine, \
      its own; "place" where it says only where that service is; – where it is the acceptor's alone. \
      What the initiator proposes follows `prefer` on the command line only.
      """)
    for section in Setting.Section.allCases {
      document.table(
        "Parameters [\(section.name)]",
        ["parameter", "default", "values", "takes effect", "initiator"],
        Setting.all.filter { $0.section == section }.map { setting in
          [
            "`\(setting.key)`", "`\(setting.defaultText)`", setting.valueText,
            effect(of: setting), use(of: setting),
          ]
        })
    }
    document.table(
      "Parameters of the initiator, on the command line alone", ["parameter", "default", "what"],
      ProbeOption.allCases.map { option in
        ["`--\(option.long)`", option.defaultText.map { "`\($0)`" } ?? "–", option.about]
      })
    document.section("6.1.1", "Local AE title and ports")
    document.table(
      "Local application entity",
      ["application entity", "role", "AE title", "default AE title", "default TCP port"],
      [
        ["Verification", "acceptor", "`ae-title`", defaultText("ae-title"), defaultText("port")],
        [
          "Verification", "initiator, by --probe", "`--\(ProbeOption.callingAETitle.long)`",
          defaultText(.callingAETitle), "any that is free",
        ],
      ])
    document.paragraph(
      """
      A requestor may call any other title unless \
      `require-called-ae-title` is set. The ports are `port`, each combined with each \
      `bind-address`, where the program opens its sockets itself. Where systemd passes them, as \
      the package has it, they are those of echoscpd.socket, port \(defaultText("port")), and of \
      echoscpd-privileged.socket, port 104, which is not enabled when the package is installed.
      """)
    document.section("6.1.2", "Remote AE titles and addresses")
    document.paragraph(
      """
      The acceptor has to know no remote application entity, since it calls none. Those that may \
      associate can be restricted by their calling AE title (`allow-calling-ae-titles`), by their address \
      (`allow-addresses`, `deny-addresses`), and by a section for a device that binds its calling \
      AE title to addresses:
      """)
    document.table(
      "Parameters [device TITLE]", ["parameter", "default", "values", "takes effect"],
      DeviceSetting.all.map { setting in
        ["`\(setting.key)`", "none; it has to be set", setting.valueText, "reload"]
      })
    document.paragraph(
      """
      The initiator calls the one that its command line names, and keeps no list of them. One at \
      another host is called by `--\(ProbeOption.calledAETitle.long)`, \(defaultText(.calledAETitle)) \
      by default, at the port behind its name, or else at `port`, \(defaultText("port")) by default; \
      the service of this machine is called by its `ae-title`, at its `port` and `bind-address`.
      """)
    document.section("6.1.3", "Application Configuration Management")
    document.paragraph(
      """
      Not supported: neither the LDAP profiles of PS3.15 annex H nor configuration by DHCP are used.
      """)
    document.section("6.2", "Configuration of DIMSE services")
    document.paragraph(
      "Verification has no parameters of its own but those of the initiator in 6.1.")
    document.section("6.3", "Configuration of other services")
    document.paragraph(
      """
      Not applicable: there are no DICOM Web Services, no media storage service, no Real-Time \
      Video service, and no audit trail messages (PS3.15 annex A.5).
      """)
  }

  private static func effect(of setting: Setting) -> String {
    switch setting.effect {
    case .reload: "reload"
    case .restart: "restart"
    case .binding: "restart; not with passed sockets"
    }
  }

  /// What the initiator makes of a setting.
  private static func use(of setting: Setting) -> String {
    switch setting.use {
    case .always: "yes"
    case .local: "place"
    case .never: "–"
    }
  }

  /// The default of an option of the initiator.
  static func defaultText(_ option: ProbeOption) -> String { option.defaultText ?? "none" }

  /// The default of a setting, as it is written in a file.
  static func defaultText(_ key: String) -> String { Setting.named(key)?.defaultText ?? "unknown" }

  /// Its values.
  static func valueText(_ key: String) -> String { Setting.named(key)?.valueText ?? "unknown" }
}
