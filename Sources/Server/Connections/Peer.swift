import Linux
import Log
import UpperLayer

/// What is known of the peer of one slot, beside the protocol. It lives as long as the slot table, and
/// is used for one peer after the other.
///
/// The order of the fields leaves no gap between them: there is one of these for each connection.
struct Peer {
  /// Who it is, for the log.
  var subject: Subject
  /// How far its association has come, while there is one.
  var stage = Stage.established
  private var marks: Marks = []

  /// What is true of it.
  private struct Marks: OptionSet {
    let rawValue: UInt8
    static let admitted = Marks(rawValue: 1 << 0)
    static let admittedAtAddress = Marks(rawValue: 1 << 1)
    static let pendingAtAddress = Marks(rawValue: 1 << 2)
    static let spoken = Marks(rawValue: 1 << 3)

    subscript(_ mark: Marks) -> Bool {
      get { contains(mark) }
      set { if newValue { formUnion(mark) } else { subtract(mark) } }
    }
  }

  /// Nobody yet.
  init() {
    subject = Subject(peer: NetworkAddress(bytes: InlineArray(repeating: 0), port: 0))
  }

  /// Begins anew, with a peer that has not said anything yet.
  mutating func begin(_ peer: NetworkAddress) {
    subject.begin(peer)
    marks = []
    stage = .established
  }

  /// Whether it counts as an association.
  var isAdmitted: Bool {
    get { marks[.admitted] }
    set { marks[.admitted] = newValue }
  }

  /// Whether that is counted for its address.
  var isAdmittedAtAddress: Bool {
    get { marks[.admittedAtAddress] }
    set { marks[.admittedAtAddress] = newValue }
  }

  /// Whether it counts for its address as a connection without an association.
  var isPendingAtAddress: Bool {
    get { marks[.pendingAtAddress] }
    set { marks[.pendingAtAddress] = newValue }
  }

  /// Whether it has sent any byte.
  var hasSpoken: Bool {
    get { marks[.spoken] }
    set { marks[.spoken] = newValue }
  }
}
