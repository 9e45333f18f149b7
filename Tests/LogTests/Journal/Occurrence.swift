import Linux
import Log
import UpperLayer

@testable import Log

/// Events of a peer for the tests of the log, at times that the tests choose.
enum Occurrence {
  static let rejected = Event.associationRejected(.callingAETitle, by: AETitle("ECHOSCP")!)
  static let released = Event.associationReleased([], .echoed, by: AETitle("ECHOSCP")!)

  /// A record of `event` at `time`, in milliseconds.
  static func record(
    _ event: Event = rejected, at time: UInt64, from address: String = "192.0.2.7",
    calling: String? = "CT1", echoes: UInt32 = 0
  ) -> Record {
    var subject = Subject(peer: Listener.place(address, port: 104)!)
    subject.callingAETitle = calling.flatMap { AETitle($0) }
    subject.echoes = echoes
    var record = Record(event, about: subject)
    record.time = time
    record.number = time
    return record
  }
}
