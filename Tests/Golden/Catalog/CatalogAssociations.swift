import Log

/// What an association goes through that goes well, or nearly so.
extension Catalog {
  private static let nothing = "Nothing is to be done."

  static let associations = [
    CatalogEntry(
      .connected, "A device has connected",
      "@DICOM_PEER_ADDRESS@ has opened a connection, and has not said anything yet.",
      cause: "It was told to call this host.", here: nothing, there: nothing),
    CatalogEntry(
      .associationAccepted, "An association was accepted",
      "The device at @DICOM_PEER_ADDRESS@ may send C-ECHO-RQs now.",
      cause: "It has proposed Verification with a transfer syntax that is accepted here.",
      here: nothing, there: nothing),
    CatalogEntry(
      .echoReceived, "An echo was answered",
      "The C-ECHO-RQ @DICOM_MESSAGE_ID@ of @DICOM_PEER_ADDRESS@ was answered with Success.",
      cause: "Somebody pressed Echo or Verify on the device, or it does so by itself.",
      here: nothing, there: nothing),
    CatalogEntry(
      .cancelReceived, "A C-CANCEL-RQ was ignored",
      "The device at @DICOM_PEER_ADDRESS@ wanted to cancel something. An echo cannot be cancelled.",
      cause: "Some devices send it as a precaution.", here: nothing, there: nothing),
    CatalogEntry(
      .associationReleased, "An association has gone well to its end",
      """
      The device and this host can talk DICOM: network, port and negotiation are right. The message \
      says how many echoes were answered, and how long it took. What it lists as tolerated is \
      accepted here, and may be refused by an archive that is stricter; echoscpd-journal(7) has \
      each of these words.
      """,
      cause: "The device has sent C-ECHO-RQs and then A-RELEASE-RQ, as it should.",
      here: """
        Nothing is to be done. With require-called-ae-title a wrong called AE title is rejected \
        here as well.
        """,
      there: """
        Nothing is to be done, unless called-ae-title-differs is among what was tolerated: then \
        correct the AE title that it calls.
        """),
    CatalogEntry(
      .closeTimedOut, "A device has not closed its connection",
      """
      The association was over, and the device at @DICOM_PEER_ADDRESS@ has left the connection open \
      until acse-timeout. It was closed from here.
      """,
      cause: "PS3.8 has the requestor close the connection; some devices never do.",
      here: nothing, there: "Nothing has to be done, since its echo was answered before."),
    CatalogEntry(
      .disconnected, "A connection was closed",
      "The connection with @DICOM_PEER_ADDRESS@ is gone.",
      cause: "Its association has ended before.", here: nothing, there: nothing),
    CatalogEntry(
      .healthCheck, "A connection was opened and closed without a byte",
      """
      @DICOM_PEER_ADDRESS@ has connected and has closed at once. It has not tried to speak DICOM.
      """,
      cause: """
        A health check of a monitor or a load balancer, or a port scan. If it is the address of a \
        device that gets no answer, a firewall may let the connection begin and then cut it.
        """,
      here: "Nothing is to be done if the address is that of a monitor.",
      there: "If it is a device: see whether a firewall between the two inspects DICOM."),
    CatalogEntry(
      .noEchoSent, "An association ended before an echo was sent",
      """
      The device at @DICOM_PEER_ADDRESS@ associated with this host, and ended the association \
      without a C-ECHO-RQ.
      """,
      cause: """
        Either it only tests whether it can associate, or it did not like what was accepted: it may \
        have wanted to send images, for which this host accepts no presentation context.
        """,
      here: """
        The message has how many presentation contexts were refused and the first one's SOP class; \
        log-level = debug shows all. This host answers echoes and takes no images.
        """,
      there: "Use its function Echo, Verify or DICOM Ping, and not one that sends images."),
    CatalogEntry(
      .peerAborted, "A device has aborted its association",
      "The device at @DICOM_PEER_ADDRESS@ has sent A-ABORT. The message says how far it had come.",
      cause: """
        Somebody has cancelled on the device, its program has ended, or it does not release its \
        associations. After an echo was answered this does no harm.
        """,
      here: nothing,
      there: "If its echo is shown as failed there, see its own log for the reason of the abort."),
    CatalogEntry(
      .draining, "An association was ended because the service stops",
      """
      The service was asked to stop, and the device at @DICOM_PEER_ADDRESS@ still had a connection.
      """,
      cause: "It was idle, or its association went on for longer than drain-timeout.",
      here: "Nothing is to be done. Raise drain-timeout if associations need more time.",
      there: "Nothing is to be done; it may call again once the service is back."),
  ]
}
