/// PS3.8 Table 9-10 as printed in the standard, for the states in which an acceptor waits and the
/// events that can reach it. It is copied from the standard, not from the program.
enum StandardTable {
  /// A state of PS3.8 §9.2.1 in which the acceptor waits for an event.
  enum State: Int {
    case sta1 = 1
    case sta2 = 2
    case sta6 = 6
    case sta13 = 13
  }

  /// An event of Table 9-10.
  enum Event: Int {
    case evt3 = 3
    case evt4 = 4
    case evt6 = 6
    case evt10 = 10
    case evt12 = 12
    case evt13 = 13
    case evt15 = 15
    case evt16 = 16
    case evt17 = 17
    case evt18 = 18
    case evt19 = 19
  }

  /// An action of Tables 9-6 to 9-9.
  enum Action {
    /// A-ASSOCIATE-AC or A-ASSOCIATE-RJ (AE-6, then AE-7 or AE-8 from Sta3).
    case ae6
    /// A P-DATA indication.
    case dt2
    /// A-RELEASE-RP (AR-2, then AR-4 from Sta8).
    case ar2
    /// The transport connection is closed after a release.
    case ar5
    /// A-ABORT by the service user.
    case aa1
    /// The transport connection is closed, without a PDU.
    case aa2, aa3, aa4, aa5
    /// The PDU is ignored.
    case aa6
    /// One more A-ABORT.
    case aa7
    /// A-ABORT by the service provider.
    case aa8
  }

  /// The rows: the event, then its cells in Sta2, Sta6 and Sta13, `nil` where the standard has none.
  static let rows: [(event: Event, cells: [(Action, State)?])] = [
    (.evt3, [(.aa1, .sta13), (.aa8, .sta13), (.aa6, .sta13)]),
    (.evt4, [(.aa1, .sta13), (.aa8, .sta13), (.aa6, .sta13)]),
    (.evt6, [(.ae6, .sta6), (.aa8, .sta13), (.aa7, .sta13)]),
    (.evt10, [(.aa1, .sta13), (.dt2, .sta6), (.aa6, .sta13)]),
    (.evt12, [(.aa1, .sta13), (.ar2, .sta13), (.aa6, .sta13)]),
    (.evt13, [(.aa1, .sta13), (.aa8, .sta13), (.aa6, .sta13)]),
    (.evt15, [nil, (.aa1, .sta13), nil]),
    (.evt16, [(.aa2, .sta1), (.aa3, .sta1), (.aa2, .sta1)]),
    (.evt17, [(.aa5, .sta1), (.aa4, .sta1), (.ar5, .sta1)]),
    (.evt18, [(.aa2, .sta1), nil, (.aa2, .sta1)]),
    (.evt19, [(.aa1, .sta13), (.aa8, .sta13), (.aa7, .sta13)]),
  ]

  /// The cell of `event` in `state`, or `nil` in Sta1 and where the standard has none.
  static func cell(_ event: Event, in state: State) -> (action: Action, next: State)? {
    guard let row = rows.first(where: { $0.event == event }) else { return nil }
    switch state {
    case .sta1: return nil
    case .sta2: return row.cells[0]
    case .sta6: return row.cells[1]
    case .sta13: return row.cells[2]
    }
  }
}
