import Verification

/// The DICOM conformance statement as it is installed, in the form of PS3.2 annex N. Its sentences
/// stand in the files of this name; its tables are made from the code, or by trying.
enum Conformance {
  /// The chapters, in the order of PS3.2 annex N.
  private static let chapters: [@Sendable (inout MarkdownDocument) -> Void] = [
    overview, contents, introduction, implementationModel, services, configuration, network,
    security, annexes,
  ]

  /// The whole document.
  static var text: String {
    var document = MarkdownDocument("DICOM Conformance Statement of echoscpd")
    document.paragraph(
      """
      Product: echoscpd \(Implementation.version), a DICOM Verification SCP for Debian GNU/Linux \
      12 and later. Published by the echoscpd developers. The form is that of the template in \
      DICOM PS3.2, annex N.
      """)
    for chapter in chapters { chapter(&document) }
    return document.text
  }

  private static func contents(_ document: inout MarkdownDocument) {
    document.section("2", "Table of contents")
    document.contents()
  }
}
