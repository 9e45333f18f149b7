import Log

/// What a kind of failure means and what to do about it, in the words of the message catalog.
///
/// The words are part of the program, since a journal from elsewhere comes without its catalog.
public struct Remedy: Sendable, Equatable {
  /// The event in a few words.
  public let subject: String
  /// What happened.
  public let event: String
  /// Why it happens.
  public let cause: String
  /// What to do on the host of the service.
  public let onThisHost: String
  /// What to do on the device; `nil` if no device is involved.
  public let onTheDevice: String?

  init(_ subject: String, _ event: String, _ cause: String, _ host: String, _ device: String?) {
    (self.subject, self.event, self.cause) = (subject, event, cause)
    (onThisHost, onTheDevice) = (host, device)
  }

  /// The remedy for `failure`, a record of the kind `id`, with its facts filled in.
  init(of id: CatalogID, for failure: Failure) {
    let text = id.remedy
    func filled(_ text: String) -> String { Self.fill(text, with: failure) }
    self.init(
      text.subject, filled(text.event), filled(text.cause), filled(text.onThisHost),
      text.onTheDevice.map(filled))
  }

  /// The openings of a paragraph that says that there is nothing to do on one side.
  private static let nothing = ["Nothing to do.", "Nothing to do;", "Nothing to do:"]

  /// The steps, each with the side on which to take it; without those that say that there is nothing to do.
  public var steps: [(side: String, text: String)] {
    var steps: [(side: String, text: String)] = []
    if let onTheDevice { steps.append((side: "on the device", text: onTheDevice)) }
    steps.append((side: "on this host", text: onThisHost))
    return steps.filter { step in !Self.nothing.contains { step.text.hasPrefix($0) } }
  }

  /// Replaces each field between two `@` by its value. A field that the record does not have is called what it is.
  private static func fill(_ text: String, with failure: Failure) -> String {
    var parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
    for index in parts.indices where index % 2 == 1 {
      switch JournalField(rawValue: parts[index]) {
      case .callingAE: parts[index] = failure.callingAE ?? "the device"
      case .calledAE: parts[index] = failure.calledAE ?? "this host"
      case .peerAddress: parts[index] = failure.address ?? "its address"
      case .reason: parts[index] = failure.reason ?? "refused"
      default: parts[index] = "@\(parts[index])@"
      }
    }
    return parts.joined()
  }
}
