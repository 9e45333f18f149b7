import Log

/// Devices that said nothing, too little, or were gone.
extension Catalog {
  static let silences = [
    CatalogEntry(
      .silentPeer, "A device has connected and said nothing",
      """
      @DICOM_PEER_ADDRESS@ has connected and has sent nothing until acse-timeout. The network \
      between the two lets connections begin.
      """,
      cause: """
        A firewall lets the connection begin and stops what follows; something that waits for the \
        server to speak first calls this port, as a mail client; or the device is not ready.
        """,
      here: "tcpdump -n host @DICOM_PEER_ADDRESS@ shows whether anything arrives.",
      there: """
        See whether it calls this host as a DICOM node, and whether a firewall between the two \
        inspects DICOM or has a limit for the size of packets (MTU).
        """),
    CatalogEntry(
      .stalledRequest, "A device has begun a request and has not completed it",
      """
      A part of an A-ASSOCIATE-RQ has come from @DICOM_PEER_ADDRESS@, and the rest has not until \
      acse-timeout.
      """,
      cause: """
        Large packets are lost on the way, as behind a VPN with a wrong MTU; the line is very slow; \
        or the device has failed in the middle.
        """,
      here: """
        ping -M do -s 1472 @DICOM_PEER_ADDRESS@ shows whether large packets pass. Raise acse-timeout \
        for a slow line.
        """,
      there: "Set its MTU to that of the line, or switch off a firewall that inspects DICOM."),
    CatalogEntry(
      .idleAssociation, "An association was idle for too long",
      """
      The device at @DICOM_PEER_ADDRESS@ has an association and sent nothing until network-timeout. \
      It was aborted (@DICOM_REASON@).
      """,
      cause: """
        The device keeps its association open in order to use it again, or waits for somebody. \
        After an echo was answered this does no harm.
        """,
      here: "Raise network-timeout if it is to keep its association.",
      there: "Let it release the association after its echo."),
    CatalogEntry(
      .stalledMessage, "A device has begun a message and has not completed it",
      """
      The first part of a message has come from @DICOM_PEER_ADDRESS@, and the rest has not until \
      dimse-timeout, or until the device released the association. The message says how much came.
      """,
      cause: "Packets are lost on the way, or the device has failed in the middle.",
      here: """
        ss -tino shows retransmissions on a connection. Raise dimse-timeout for a very slow line.
        """,
      there: "See its own log. If others reach this host, see cable, switch port and MTU."),
    CatalogEntry(
      .stalledReceiver, "A device does not read what is sent to it",
      """
      @DICOM_PEER_ADDRESS@ did not take the answers to it until network-timeout, or took little in twice \
      that time, or many peers did the same at once. The message says which. The connection was closed.
      """,
      cause: "The device sends without reading, hangs, or packets to it are lost.",
      here: "ss -tn shows what is unsent in Send-Q. Raise network-timeout for a very slow line.",
      there: "Restart its DICOM service. If it was a flood of echoes, let it wait for the answers."),
    CatalogEntry(
      .peerVanished, "A device has closed its connection too early",
      """
      @DICOM_PEER_ADDRESS@ has closed the connection without A-RELEASE-RQ, or before its request was \
      complete. The message says how far it had come, and how much of a PDU came that is not complete.
      """,
      cause: """
        The device gives up when it is not answered quickly, its program has ended, or it saves \
        itself the release. After an echo was answered this does no harm. If a PDU was not complete, \
        its program failed while it sent, or large packets are lost on the way.
        """,
      here: """
        Nothing is to be done if its echo was answered. If PDUs are not complete, \
        ping -M do -s 1472 @DICOM_PEER_ADDRESS@ shows whether large packets pass.
        """,
      there: "If its echo is shown as failed there, see its own log, and raise its timeouts."),
    CatalogEntry(
      .peerReset, "A connection was reset",
      """
      The connection with @DICOM_PEER_ADDRESS@ was reset, or has failed. The message says how far \
      the device had come.
      """,
      cause: """
        A firewall has cut it, the program on the device has ended, or the line is down. After an \
        echo was answered this does no harm.
        """,
      here: "Nothing is to be done if its echo was answered.",
      there: "If it happens each time, look for a firewall between the two that inspects DICOM."),
  ]
}
