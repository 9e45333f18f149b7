/// Chapter 8 and the annexes: what protects an association, and what there is none of.
extension Conformance {
  static func security(_ document: inout MarkdownDocument) {
    document.section("8", "Security")
    document.section("8.1", "Introduction")
    document.paragraph(
      """
      echoscpd is meant for a network on which DICOM without encryption is acceptable. An AE title \
      is no password, and whoever is on the path can read and forge what is said. That holds for both \
      roles: the acceptor does not know who asks it, and the initiator not who answers, so that an \
      echo proves no identity. There are no patient data to protect.
      """)
    document.section("8.2", "External network requirements")
    document.paragraph(
      """
      The acceptor has none: it makes no connection, and needs neither DNS nor DHCP, LDAP or a time \
      server. The initiator makes the connection that it is started for, and needs what this machine \
      looks names up with, as DNS, where its host is given by a name. The timers of both do not depend \
      on the time of day.
      """)
    document.section("8.3", "TCP port configuration")
    document.table(
      "TCP ports", ["role", "port", "direction", "protocol", "configured by"],
      [
        [
          "acceptor", defaultText("port"), "incoming", "DICOM Upper Layer, without TLS",
          "echoscpd.socket; `port` where the program opens its sockets itself",
        ],
        [
          "acceptor", "104", "incoming", "DICOM Upper Layer, without TLS",
          "echoscpd-privileged.socket, not enabled by default",
        ],
        [
          "initiator", "\(defaultText("port")), from any that is free", "outgoing",
          "DICOM Upper Layer, without TLS", "the host and port behind --probe, or else `port`",
        ],
      ])
    document.section("8.4", "DICOM security profiles support")
    document.table(
      "Security profiles of PS3.15", ["profiles", "support"],
      [
        ["Secure Use Profiles (annex A), audit trail messages among them", "not supported"],
        [
          "Secure Transport Connection Profiles (annex B), TLS",
          "not supported; a TLS client is answered by A-ABORT, and recognized in the log; a TLS "
            + "server is recognized by the initiator",
        ],
        ["Digital Signature Profiles (annex C)", "not applicable"],
        ["Media Storage Security Profiles (annex D)", "not applicable"],
        ["Attribute Confidentiality Profiles (annex E)", "not applicable"],
        ["Network Address and Time Management Profiles (annexes F, G)", "not supported"],
        ["Application Configuration Management Profiles (annex H)", "not supported"],
      ])
    document.section("8.5", "User Identity Negotiation support")
    document.paragraph(
      """
      Initiation: no sub-item is sent. Acceptance: a User Identity Negotiation sub-item of any type is \
      read and ignored. Nobody is authenticated, no association is rejected for it, and no \
      positive response is sent; a requestor that asks for one has to know what it makes of that \
      (PS3.7 annex D.3.3.7). A passcode is never shown.
      """)
    document.section("8.6", "Web services security features")
    document.paragraph("Not applicable.")
    document.section("8.7", "Other security features")
    document.list([
      """
      **Who may connect**: `allow-addresses` and `deny-addresses`; all may by default.
      """,
      """
      **Who may associate**: `allow-calling-ae-titles`, `require-called-ae-title`, and sections \
      for devices, which bind a calling AE title to addresses; all may by default. These keep out \
      mistakes, not somebody who forges titles and addresses.
      """,
      """
      **What a stranger can take**: 7.2.1.2, and the timers of 7.1.3. Memory is taken for bytes \
      that have arrived, never for a length that was announced.
      """,
      """
      **What the program can do**: the package runs it without any privilege, without access to \
      the network but the sockets that it is passed, and with nothing to write to but its folder \
      in /run.
      """,
      """
      **What the log says**: who associated, from where, and what came of it. Whatever a peer \
      sends is escaped in it.
      """,
    ])
  }

  static func annexes(_ document: inout MarkdownDocument) {
    for (letter, title) in [
      ("A", "Information Object Definitions"), ("B", "Structured Report content encoding"),
      ("C", "Security details"), ("D", "Mapping of attributes"), ("E", "Code set usage"),
    ] {
      document.section(letter, title)
      document.paragraph(
        letter == "C"
          ? "Not applicable: no security profile of PS3.15 is supported."
          : "Not applicable: no SOP Instance is created or read.")
    }
    document.section("F", "The protocol machine")
    document.paragraph(
      """
      PS3.8 Table 9-10 as it is implemented. A cell has the actions, what is sent, and the next \
      state; an empty one is an event that changes nothing. `require-called-ae-title` is set in \
      it. The acceptor's connection begins in Sta2 (AE-5). Sta3 and Sta8 begin and end within one \
      event; Sta4, Sta5, Sta7 and Sta9 to Sta12 belong to a requestor, or to an acceptor that asks for \
      a release.
      """)
    document.append(markdown: StateTable.text)
    document.paragraph(
      """
      The initiator's begins in Sta4 (AE-1), and in Sta5 once it is connected and the A-ASSOCIATE-RQ \
      is sent (AE-2). Sta8 and Sta9 begin and end within one event. In Sta13 it closes the connection \
      itself as soon as its last PDU is sent, and waits for no ARTIM: nothing that may still come is of \
      use to it. An A-ABORT request of its own comes from a timer.
      """)
    document.append(markdown: RequestorTable.text)
  }
}
