import Verification

/// Chapters 3 and 4: whom this is for, in which words, and what the one application entity is.
extension Conformance {
  static func introduction(_ document: inout MarkdownDocument) {
    document.section("3", "Introduction")
    document.section("3.1", "Revision history")
    document.table("Revisions", ["version", "date", "description"], revisions)
    document.section("3.2", "Audience")
    document.paragraph(
      """
      Who connects devices in a hospital, plans its network, or writes software for it. They are \
      expected to know DICOM's words, and to have the conformance statement of the other side \
      beside this one.
      """)
    document.section("3.3", "Remarks")
    document.paragraph(
      """
      A conformance statement helps to find out whether two products can work together. It does \
      not replace a test of the two with each other. An echo that succeeds does not say that the \
      same device can store images in an archive: that takes other SOP Classes and transfer \
      syntaxes. What goes wrong with an association is told in the log with its cause; echoscpd(8) \
      has them all.
      """)
    document.paragraph(
      """
      The tables of this document are made from the program itself when it is tested, and those \
      that say what is answered by letting it answer.
      """)
    document.section("3.4", "Terms and definitions")
    document.list([
      """
      **Association**: what two application entities have agreed on for the time of a connection: \
      who they are, and which services they use in which encoding.
      """,
      "**Acceptor, requestor**: the side that is asked for an association, and the one that asks.",
      "**Called, calling AE title**: the names of the two in the request.",
      """
      **Presentation context**: an abstract syntax, here a SOP Class, and the transfer syntaxes \
      proposed for it, of which one is accepted.
      """,
      "**Sta2, Sta6, Sta13**: states of the Upper Layer protocol machine, PS3.8 §9.2.1.",
      """
      **0/0, 2/1; 1/1/7**: the source and the reason of an A-ABORT; the result, the source and the \
      reason of an A-ASSOCIATE-RJ.
      """,
    ])
    document.section("3.5", "Abbreviations")
    document.paragraph(
      """
      AE application entity; ARTIM association request, reject and release timer; DIMSE DICOM \
      message service element; PDU protocol data unit; PDV presentation data value; SCP and SCU \
      service class provider and user; SOP service-object pair; TLS transport layer security; UID \
      unique identifier.
      """)
    document.section("3.6", "References")
    document.paragraph(
      """
      Digital Imaging and Communications in Medicine (DICOM), NEMA PS3: PS3.2 annex N, this form; \
      PS3.4 annex A, the Verification Service Class; PS3.5, encoding; PS3.6, UIDs; PS3.7 §9.1.5 \
      and §9.3.5, C-ECHO, and annex D, association negotiation; PS3.8, the Upper Layer protocol; \
      PS3.15, security profiles.
      """)
  }

  static func implementationModel(_ document: inout MarkdownDocument) {
    document.section("4", "Implementation model")
    document.section("4.1", "Application entities and data flow")
    document.paragraph(
      """
      There is one application entity, Verification. A remote application entity, a Verification \
      SCU, connects to it, is answered, and releases the association. Nothing flows from it \
      elsewhere but records of the log.
      """)
    document.section("4.1.1", "Functional definition of the Verification application entity")
    document.paragraph(
      """
      It waits for transport connections on one or several TCP ports. When one is made, it waits \
      for an A-ASSOCIATE-RQ, accepts or rejects the association, answers each C-ECHO-RQ with a \
      C-ECHO-RSP as it comes, and confirms the release. It serves many associations at once, each \
      on its own. On these it is never the one to ask for a release.
      """)
    document.paragraph(
      """
      Started with --probe the same program is a Verification SCU instead, and no acceptor: it \
      requests one association, sends one C-ECHO-RQ, releases the association, and ends; with \
      --count it does so several times, one after the other. See 7.2.1.3.
      """)
    document.section("4.1.2", "Sequencing of real-world activities")
    document.paragraph(
      "Not applicable: there is one activity, and none that has to come before it.")
  }

  /// The versions there have been, with their dates, from the changelog of the package.
  private static var revisions: [[String]] {
    let changelog = (try? Golden.content(of: "packaging/debian/changelog")) ?? ""
    let entry = /echoscpd \(([^)]+)\)[^\n]*\n\n((?:  [^\n]*\n)+)\n -- [^>]*>  \w+, (\d+ \w+ \d+)/
    return changelog.matches(of: entry).map { match in
      let changes = match.2.split(separator: "\n").map { $0.drop { " *".contains($0) } }
      return [String(match.1), String(match.3), changes.joined(separator: " ")]
    }
  }
}
