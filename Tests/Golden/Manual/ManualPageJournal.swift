import Log

/// What the manual says of the journal: its fields, in echoscpd-journal(7), and in echoscpd(8) what is
/// there at all.
extension ManualPage {
  /// What a field holds.
  static func meaning(of field: JournalField) -> String {
    switch field {
    case .message:
      """
      A sentence that stands alone. An AE title in it that has anything but letters, digits, hyphens, \
      underscores and periods stands in double quotes, and a double quote of its own as \\x22. A refused reload has each fault on a line of its own below it, \
      and at debug the PDUs and messages follow.
      """
    case .priority: "2 is a start that fails, 3 an error, 4 a warning, 6 info and 7 debug."
    case .messageID:
      "What the record is about, as a number that stays; `journalctl -x` explains each."
    case .identifier: "Always echoscpd."
    case .callingAE: "The AE title by which the device calls itself."
    case .calledAE: "The AE title that it calls."
    case .peerAddress: "The address of the device."
    case .peerPort: "The TCP port at its end."
    case .peerImplementation:
      "Its implementation class UID and implementation version name, with a blank between them."
    case .peerProduct:
      "The software of the device, where its implementation class UID is a known one, as DCMTK."
    case .association:
      """
      One value for all records of an association, and for no other association, not even of \
      another run of the program.
      """
    case .echoes:
      """
      How many C-ECHO-RQs were answered on the association that ends, or on all those together that \
      the record stands for.
      """
    case .duration:
      """
      For how long that association was there, from its A-ASSOCIATE-RQ on, in milliseconds.
      """
    case .dicomMessageID: "The Message ID of the C-ECHO-RQ that a record at debug is about."
    case .reason:
      """
      The PDU that refused or aborted the association, with its result, source and reason, as \
      A-ASSOCIATE-RJ 1/1/7, or its source and reason, as A-ABORT 0/0.
      """
    case .pdu:
      """
      What was refused, as evidence for the maker of the device: an A-ASSOCIATE-RQ or what has come of \
      it, up to 16 KiB, a command set, up to 512 bytes, or the first bytes of what is not DICOM, at most \
      16. It is in \
      hexadecimal digits, two for each byte, which every tool shows as they are; xxd -r -p makes bytes \
      of them. Titles, UIDs, lengths and version names are as they came, up to the first byte that has \
      no known form. Everything behind that is blanked with zeros, and so is everything behind the \
      header of a user identity, so that no credential and no byte of a data set is in it. Of another \
      protocol it ends where that has the name of a user, a secret or the content of a message. \
      With log-pdus = no it is not there.
      """
    case .cause: "A word for what went wrong, which stays. It is not there if nothing did."
    case .notes:
      """
      A word for what was tolerated and a stricter archive may refuse, as called-ae-title-differs \
      or uid-padding; a field of its own for each.
      """
    case .version:
      """
      The version of the program. The record of a start, and of a reload, is written at every \
      log-level but none: who misses a record finds there what was written at that time.
      """
    case .logLevel: "Down to which level records are written, auto being resolved: as info."
    case .aeTitle: "The ae-title that is in force."
    case .listeners:
      "An address and port that the service listens on, as [::]:11112; a field of its own for each."
    case .sockets:
      "passed where systemd has opened these and passed them, own where the service has itself."
    case .repeated:
      """
      How many records the record stands for, when it repeats one that was told before, or sums up \
      what exceeds the budget. A record without this field stands for itself, so the sum of both over \
      the records of a cause is exact.
      """
    case .addresses:
      "How many addresses these are about; where there are more than 1,024, at least so many."
    case .largest:
      """
      An address that most of them are about, a blank, and how many; a field of its own for each of \
      the three largest.
      """
    }
  }

  private static let queries: [(purpose: String, command: String)] = [
    (
      "What a device has done, and what came of it:",
      "$ journalctl -u echoscpd DICOM_CALLING_AE=CT1"
    ),
    (
      "What went wrong today, with the cause and the remedy of each:",
      "$ journalctl -u echoscpd -p warning -S today -x"
    ),
    (
      "Which devices a strict archive would refuse for the AE title that they call:",
      "$ journalctl -u echoscpd ECHOSCP_NOTES=called-ae-title-differs"
    ),
    ("All fields, for a program:", "$ journalctl -u echoscpd -o json"),
  ]

  static func journal(_ page: inout RoffPage) {
    page.section("JOURNAL")
    page.paragraph(
      """
      As a service, or with log-target set to journal, the log goes to the journal, with a field \
      for each fact. At info there is one record for each association, at its end or at its \
      failure, one for a connection that ends without a byte, as those of health checks do, and \
      one for each step in the life of the service. The steps of an association are there at \
      debug. echoscpd-journal(7) has every record with its fields, its cause and the remedy, and what to \
      ask the journal for.
      """)
    for (purpose, command) in queries {
      page.paragraph(purpose)
      page.example(command)
    }
  }
}
