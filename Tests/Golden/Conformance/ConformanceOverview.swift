import Settings
import Verification

/// Chapter 1: what there is, on a page, for who decides whether two products fit each other.
extension Conformance {
  static func overview(_ document: inout MarkdownDocument) {
    document.section("1", "Overview")
    document.paragraph(
      """
      echoscpd answers C-ECHO. A device, a workstation or an archive that can associate with it \
      and gets the status Success has shown that network, port and negotiation work between the \
      two. It requests an association only when it is started to test another SCP (--probe). It \
      creates, stores, finds, displays and prints nothing, and keeps no patient data.
      """)
    document.section("1.1", "Content and transfer")
    document.paragraph("Not applicable: no SOP Instance is created, received, read or sent.")
    document.section("1.2", "DIMSE services")
    document.table(
      "DIMSE services", ["service", "SOP Class", "SOP Class UID", "SCU", "SCP"],
      [
        ["Verification", "Verification SOP Class", verificationUID, "Y", "Y"],
        ["Storage, Storage Commitment", "–", "–", "N", "N"],
        ["Workflow management", "–", "–", "N", "N"],
        ["Query/Retrieve", "–", "–", "N", "N"],
        ["Print", "–", "–", "N", "N"],
      ])
    document.section("1.3", "DICOM Web Services")
    document.paragraph("Not supported, neither as user agent nor as origin server.")
    document.section("1.4", "Media services")
    document.paragraph("Not supported: no file-set is created, read or updated.")
    document.section("1.5", "Real-Time Video service")
    document.paragraph("Not supported.")
    document.section("1.6", "De-identification profiles")
    document.paragraph("Not applicable: there is nothing to de-identify.")
    document.section("1.7", "Specific Character Sets")
    document.paragraph(
      """
      Not applicable: no data set is received or sent, and so no Specific Character Set \
      (0008,0005). AE titles are in the default repertoire, ISO-IR 6; see 5.5.
      """)
  }

  /// The UID of the Verification SOP Class, as text.
  static var verificationUID: String { text(of: EchoRequest.verification) }
}
