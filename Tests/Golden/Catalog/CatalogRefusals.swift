import Log

/// What was refused by a rule: of this host, or of the standard.
extension Catalog {
  static let refusals = [
    CatalogEntry(
      .calledAETitle, "A device calls another AE title",
      """
      @DICOM_CALLING_AE@ at @DICOM_PEER_ADDRESS@ called @DICOM_CALLED_AE@, which is not the AE title \
      of this host. Its association was rejected (@DICOM_REASON@). The network between the two is \
      open.
      """,
      cause: """
        The AE title of this node is wrong on the device, or an upper-case letter stands for a \
        lower-case one: they are different.
        """,
      here: """
        ae-title in /etc/echoscp.conf is this host's title. Without require-called-ae-title any \
        title may be called.
        """,
      there: "Enter this host's AE title, which the message has, as the called or remote AE title."),
    CatalogEntry(
      .callingAETitle, "A device is not among those that may associate",
      """
      @DICOM_CALLING_AE@ at @DICOM_PEER_ADDRESS@ was rejected for the AE title that it calls itself \
      (@DICOM_REASON@). The message says by which rule.
      """,
      cause: """
        allow-calling-ae-titles is set, and has no such title; or the title is that of a device whose \
        section binds it to other addresses: the device has moved, has a second address, is behind a \
        router that translates addresses, or somebody else calls itself so.
        """,
      here: """
        Add the title to allow-calling-ae-titles in /etc/echoscp.conf; * and ? stand for any \
        characters, and a title with a blank stands in quotation marks. Or add the address to \
        address in the section [device TITLE], if it is the device's own.
        """,
      there: """
        See whether its own AE title is there at all and what it should be, since upper and lower case \
        differ, and no other device's; and whether it has the address that it should have.
        """),
    CatalogEntry(
      .addressDenied, "An address is not among those that may connect",
      "The connection from @DICOM_PEER_ADDRESS@ was closed before anything was read.",
      cause: "allow-addresses does not have the address, or deny-addresses has it.",
      here: """
        Change the two in /etc/echoscp.conf if the device is to be let in. Behind a router that \
        translates addresses, all devices have that of the router.
        """,
      there: "See whether it has the address that it should have."),
    CatalogEntry(
      .protocolVersion, "A device speaks another version of the protocol",
      """
      The A-ASSOCIATE-RQ of @DICOM_PEER_ADDRESS@ does not propose version 1 of the DICOM Upper Layer \
      protocol, the only one there is (PS3.8 §9.3.2).
      """,
      cause: "It is a test program, or its DICOM software is damaged.",
      here: "Nothing can be done.", there: "Ask its manufacturer."),
    CatalogEntry(
      .applicationContext, "A device names another application context",
      """
      The A-ASSOCIATE-RQ of @DICOM_PEER_ADDRESS@ does not have the DICOM application context name \
      1.2.840.10008.3.1.1.1, the only one there is (PS3.7 annex A.2.1).
      """,
      cause: "It is a test program, or its DICOM software is damaged.",
      here: "Nothing can be done.", there: "Ask its manufacturer."),
    CatalogEntry(
      .noVerificationContext, "A device wanted something else than an echo",
      """
      @DICOM_CALLING_AE@ at @DICOM_PEER_ADDRESS@ proposed no presentation context for Verification, \
      so nothing of what it wanted was accepted. The network and the AE titles are right.
      """,
      cause: "It was told to send or to query, and this host answers echoes alone.",
      here: """
        This is no archive: configure one elsewhere. With log-level = debug the log shows what the \
        device proposed.
        """,
      there: "Use its function Echo, Verify or DICOM Ping; send images to an archive."),
    CatalogEntry(
      .noCommonTransferSyntax, "A device proposes no transfer syntax that is accepted here",
      """
      @DICOM_CALLING_AE@ at @DICOM_PEER_ADDRESS@ proposed Verification, but with no transfer syntax \
      that is accepted here.
      """,
      cause: """
        It proposes an unusual one, or prefer = implicit is set here and it does not propose \
        implicit VR little endian, which the standard requires of everybody.
        """,
      here: "See whether prefer is set in /etc/echoscp.conf; none accepts all that are usual.",
      there: "Let it propose Implicit VR Little Endian (1.2.840.10008.1.2) for Verification."),
    CatalogEntry(
      .tooManyAssociations, "There is no room for another association",
      """
      The device at @DICOM_PEER_ADDRESS@ was turned away, since this host has as many associations \
      as it takes at once.
      """,
      cause: "Many devices at once, or one that opens associations and does not end them.",
      here: """
        See with ss -tn who has so many connections. Raise max-associations, or lower \
        network-timeout so that idle ones end sooner.
        """,
      there: "It may try again later. It should release its associations when it is done."),
    CatalogEntry(
      .associationEvicted, "An association gave its place to another device",
      """
      All associations that this host takes were in use, and the address @DICOM_PEER_ADDRESS@ had the \
      most. Its association that had been idle longest was aborted (@DICOM_REASON@), so that a device \
      of another address could get in.
      """,
      cause: """
        Software at that address opens associations and does not release them, or very many devices \
        are behind it (NAT, a load balancer).
        """,
      here: """
        See with ss -tn what the address holds. If it may hold so many, raise LimitNOFILE= by systemctl \
        edit echoscpd, or give it a section [device TITLE] in /etc/echoscp.conf: associations of a \
        device are never ended so. If it may not, put it among deny-addresses.
        """,
      there: "Let it release its associations when it is done, or open fewer at once."),
    CatalogEntry(
      .partialPDUMemory, "The memory for incomplete PDUs is used up",
      """
      @DICOM_PEER_ADDRESS@ was turned away, since the memory for PDUs that come in pieces is used up. \
      The message says whether its own PDU held the most of it, or others do.
      """,
      cause: """
        One address or several send the beginning of long requests or messages and never the end: a \
        flood, a test program, or a line that loses packets.
        """,
      here: """
        journalctl ECHOSCP_CAUSE=partial-pdu-memory shows whose PDUs held the most. Put those addresses \
        among deny-addresses. Raise partial-pdu-memory only if the requests are wanted.
        """,
      there:
        "If its own PDU held the most, let it complete its requests. Else it may try again later."),
    CatalogEntry(
      .tooManyFromAddress, "One address takes too much",
      """
      @DICOM_PEER_ADDRESS@ has reached a limit for each address: that of associations, that of \
      connections without one, or that of new connections in a second. The message says which one, \
      and what was turned away.
      """,
      cause: """
        A device that does not end its connections, a scanner or a monitor that makes many, or \
        several devices behind one address (NAT, a load balancer).
        """,
      here: """
        Find out whose address it is. Raise max-associations-per-address, max-pending-per-address \
        or max-connection-rate if it may do so, or put it among deny-addresses.
        """,
      there: "It should end its connections when it is done, and connect less often."),
    CatalogEntry(
      .tooManyPending, "Many connections ask for no association",
      """
      There were more connections without an association than max-pending allows. Some of them were \
      closed: those of the address that had most first, else the oldest. Associations are not touched, \
      and new devices get in. The last one closed was of @DICOM_PEER_ADDRESS@.
      """,
      cause: "A port scan, a flood, or a monitor that connects, says nothing and does not hang up.",
      here: """
        See with ss -tn whose connections they are, and keep those addresses out by deny-addresses \
        or a firewall; max-pending-per-address bounds what one of them can take.
        """,
      there: "A device that is slow to send its request should send it at once."),
    CatalogEntry(
      .notAnEcho, "A device has sent another command than an echo",
      """
      The device at @DICOM_PEER_ADDRESS@ sent a command that is not C-ECHO-RQ on the presentation \
      context for Verification. The message has its number. The association was aborted.
      """,
      cause: "Its software mixes up presentation contexts, or it is a test program.",
      here: "This host answers C-ECHO-RQ alone.",
      there: "Use its function Echo, Verify or DICOM Ping. If that is what was done, ask its "
        + "manufacturer."),
    CatalogEntry(
      .echoWithDataSet, "A device has sent an echo with a data set",
      """
      A C-ECHO-RQ has no data set (PS3.7 §9.3.5.1), and the one of @DICOM_PEER_ADDRESS@ announces or \
      sends one. The association was aborted.
      """,
      cause: "Its DICOM software is damaged, or it is a test program.",
      here: "Nothing can be done.", there: "Ask its manufacturer."),
    CatalogEntry(
      .maxLengthTooSmall, "A device leaves no room for an answer",
      """
      The A-ASSOCIATE-RQ of @DICOM_PEER_ADDRESS@ has a maximum length that no answer fits into, so \
      its echo could not be answered.
      """,
      cause: "The maximum PDU length is set to a few bytes on the device.",
      here: "Nothing can be done.",
      there: "Set its maximum PDU length to 16384, or to 0 for no limit."),
  ]
}
