/// What the manual says of the words for what was tolerated.
extension ManualPage {
  /// Each note, and what a stricter peer would say.
  static let notes = [
    ("called-ae-title-differs", "The called AE title is not that of this host."),
    ("ae-title-padding", "An AE title is padded with NULs, or begins with blanks."),
    ("ae-title-blank", "An AE title is blank."),
    (
      "uid-padding", "A UID is padded with NULs or blanks where it should not be, or lacks its NUL."
    ),
    ("context-id-even", "A presentation context ID is even."),
    ("context-id-duplicate", "A presentation context ID is proposed twice."),
    ("no-implementation-uid", "The request has no implementation class UID."),
    (
      "no-implementation-version",
      "The request has no implementation version name, as it may: the message does not tell."
    ),
    ("item-order", "The items of the request are not in the order of the standard."),
    ("group-length-wrong", "The length of the command group is wrong or missing."),
    ("no-affected-sop-class", "The C-ECHO-RQ has no Affected SOP Class UID."),
    ("elements-unordered", "The elements of the C-ECHO-RQ are not in ascending order."),
    ("elements-unknown", "The C-ECHO-RQ has elements that do not belong to it."),
    ("odd-fragment", "A message fragment has an odd number of bytes."),
    ("two-messages-in-a-pdu", "One P-DATA-TF has more than one message."),
    ("release-inside-message", "The release was requested in the middle of a message."),
    (
      "ae-titles-swapped",
      "The device calls itself by the AE title of this host, and calls another."
    ),
    ("ae-titles-equal", "The device calls itself by the AE title that it calls."),
    (
      "ae-title-characters",
      """
      An AE title has a control character, a byte beyond ASCII, or a backslash. The message has its \
      bytes.
      """
    ),
    (
      "calling-ae-title-from-new-address",
      "The AE title of the device came from another address before: it was moved, or two have it."
    ),
  ]
}
