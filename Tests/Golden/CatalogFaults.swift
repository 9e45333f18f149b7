import Journal

/// Bytes that break the rules of PS3.7 and PS3.8.
extension Catalog {
  private static let damage = """
    Its DICOM software is damaged, something between the two changes the bytes, or it is a test \
    program.
    """
  private static let here = """
    Set log-level = debug, or keep what tcpdump -n -w FILE host @DICOM_PEER_ADDRESS@ records, for \
    who has to find out.
    """
  private static let there = "Ask its manufacturer, with the message of this record."

  static let faults = [
    CatalogEntry(
      .unknownPresentationContext, "A message came on a presentation context that was not accepted",
      """
      The device at @DICOM_PEER_ADDRESS@ has used a presentation context that it did not propose, or \
      that was not accepted. The association was aborted (@DICOM_REASON@).
      """,
      cause: "It ignores what was accepted of what it proposed: often it wanted to send images.",
      here: "This host accepts Verification alone; send images to an archive.",
      there: "Use its function Echo, Verify or DICOM Ping. If that is what was done, ask its "
        + "manufacturer."),
    CatalogEntry(
      .malformedPDU, "A PDU breaks the rules of PS3.8",
      """
      What @DICOM_PEER_ADDRESS@ has sent has the type of a DICOM PDU, and its content does not fit \
      its lengths or lacks what it must have. The message says what and where. The association was \
      aborted (@DICOM_REASON@).
      """,
      cause: damage, here: here, there: there),
    CatalogEntry(
      .malformedCommand, "A command breaks the rules of PS3.7",
      """
      The command set that @DICOM_PEER_ADDRESS@ has sent cannot be read, or lacks what it must have. \
      The message says what and where. The association was aborted (@DICOM_REASON@).
      """,
      cause: damage, here: here, there: there),
    CatalogEntry(
      .unexpectedPDU, "A PDU came where it has no place",
      """
      The device at @DICOM_PEER_ADDRESS@ has sent a PDU that does not belong there (PS3.8 Table \
      9-10). The message has its name. The association was aborted (@DICOM_REASON@).
      """,
      cause: """
        It sends before it was accepted, it opens an association twice on one connection, or it is \
        a test program.
        """,
      here: here, there: there),
    CatalogEntry(
      .unrecognizedPDU, "A PDU of an unknown type has come",
      """
      The device at @DICOM_PEER_ADDRESS@ has an association and sends a PDU of a type that PS3.8 \
      does not have. The association was aborted (@DICOM_REASON@).
      """,
      cause: """
        It has miscounted a length, so that the next PDU seems to begin elsewhere, or something \
        between the two changes the bytes.
        """,
      here: here, there: there),
    CatalogEntry(
      .pduTooLong, "A PDU is longer than allowed",
      """
      The device at @DICOM_PEER_ADDRESS@ has sent a PDU that is longer than what was announced to \
      it, or a request that is longer than any. The association was aborted (@DICOM_REASON@).
      """,
      cause: """
        It does not keep to the maximum length in the A-ASSOCIATE-AC, which is max-pdu, or it is \
        not DICOM.
        """,
      here: "Set max-pdu = 0 in /etc/echoscp.conf, which announces no limit.",
      there: "Lower its maximum PDU length for sending to 16384."),
  ]
}
