import Log

/// Bytes that break the rules of PS3.7 and PS3.8.
extension Catalog {
  private static let damage = """
    Its DICOM software is damaged, something between the two changes the bytes, or it is a test \
    program.
    """
  private static let here = """
    The field DICOM_PDU of this record has the bytes, unless log-pdus = no: journalctl -o verbose \
    shows it. tcpdump -n -w FILE host @DICOM_PEER_ADDRESS@ records all that comes.
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
      The device at @DICOM_PEER_ADDRESS@ has sent a P-DATA-TF that is longer than what was announced \
      to it. The association was aborted (@DICOM_REASON@).
      """,
      cause: "It does not keep to the maximum length in the A-ASSOCIATE-AC, which is max-pdu.",
      here: "Set max-pdu = 0 in /etc/echoscp.conf, which announces no limit.",
      there: "Lower its maximum PDU length for sending to 16384."),
    CatalogEntry(
      .requestTooLong, "A request is longer than any can be",
      """
      The A-ASSOCIATE-RQ of @DICOM_PEER_ADDRESS@ has a length of more than 262144 bytes. 128 \
      presentation contexts, the most there can be, with all transfer syntaxes of the standard have \
      156000. The connection was ended (@DICOM_REASON@).
      """,
      cause: """
        The device miscounts the length of its request, adds private items to it, or something between \
        the two changes the bytes.
        """,
      here: """
        No setting makes room for it. The field DICOM_PDU of this record has what came with the header, \
        unless log-pdus = no: journalctl -o verbose shows it.
        """,
      there: """
        Reduce the number of SOP classes and transfer syntaxes that it proposes to this host; an echo \
        needs Verification alone. If that does not help, ask its manufacturer.
        """),
  ]
}
