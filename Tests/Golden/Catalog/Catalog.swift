/// The message catalogue as it is installed, which journalctl(1) shows with `-x`.
enum Catalog {
  /// Every entry.
  static let entries = service + associations + otherProtocols + refusals + silences + faults

  /// The whole file.
  static var text: String {
    """
    # What the records of echoscpd mean, and what to do about them: journalctl -x.
    # Made by `UPDATE_GOLDEN=1 make unit`; not to be edited.

    """ + entries.map { "\n\($0.text)" }.joined()
  }
}
