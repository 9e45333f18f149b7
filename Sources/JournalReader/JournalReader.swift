import CSystemd
import Glibc
public import Linux

/// Journals as a reader sees them, record by record (sd-journal(3)): those of this machine, or files from elsewhere.
///
/// One thread uses a reader. After a seek, ``next()`` or ``previous()`` goes to a record; only then has it a time and
/// fields.
@safe public final class JournalReader {
  /// The journals to read.
  public enum Source: Sendable, Equatable {
    /// Those of this machine that the user may read.
    case local
    /// All journals in a folder and those below it.
    case directory(String)
    /// These files.
    case files([String])
  }

  // Safe because nothing else has the handle, and deinit closes it.
  private var handle: OpaquePointer?

  /// Opens the journals of `source`.
  public init(_ source: Source) throws(SystemError) {
    var opened: OpaquePointer?
    let result: Int32
    // Safe because the calls copy the paths, and write only to the pointer that is theirs.
    switch source {
    case .local:
      result = unsafe sd_journal_open(&opened, Int32(SD_JOURNAL_LOCAL_ONLY))
    case .directory(let path):
      result = unsafe sd_journal_open_directory(&opened, path, 0)
    case .files(let paths):
      let copies = unsafe paths.map { unsafe strdup($0) }
      defer { for index in paths.indices { unsafe free(copies[index]) } }
      var list = unsafe copies.map { unsafe UnsafePointer($0) } + [nil]
      result = unsafe sd_journal_open_files(&opened, &list, 0)
    }
    _ = try check("sd_journal_open", result)
    unsafe handle = opened
  }

  deinit {
    // Safe because the handle is not used any more.
    unsafe sd_journal_close(handle)
  }

  /// From now on, skips every record whose field does not have this value, among those that other fields' matches let
  /// through. Several values of one field are alternatives.
  public func match(_ field: String, _ value: String) throws(SystemError) {
    let text = Array("\(field)=\(value)".utf8)
    // Safe because the call copies the bytes, whose number it gets.
    let result = unsafe text.withUnsafeBytes { bytes in
      unsafe sd_journal_add_match(handle, bytes.baseAddress, bytes.count)
    }
    _ = try check("sd_journal_add_match", result)
  }

  /// Ends the matches so far: a record needs to satisfy these, or those that follow.
  public func beginAlternative() throws(SystemError) {
    // Safe because the call only changes the matches of this handle.
    _ = try check("sd_journal_add_disjunction", unsafe sd_journal_add_disjunction(handle))
  }

  /// Forgets all matches.
  public func removeMatches() {
    // Safe because the call only changes the matches of this handle.
    unsafe sd_journal_flush_matches(handle)
  }

  /// Goes to the start: ``next()`` is the first record.
  public func seekHead() throws(SystemError) {
    // Safe because the call only changes the position of this handle.
    _ = try check("sd_journal_seek_head", unsafe sd_journal_seek_head(handle))
  }

  /// Goes to the end: ``previous()`` is the last record.
  public func seekTail() throws(SystemError) {
    // Safe because the call only changes the position of this handle.
    _ = try check("sd_journal_seek_tail", unsafe sd_journal_seek_tail(handle))
  }

  /// Goes to a time in microseconds since 1970: ``next()`` is the first record at or after it.
  public func seek(to time: UInt64) throws(SystemError) {
    // Safe because the call only changes the position of this handle.
    let result = unsafe sd_journal_seek_realtime_usec(handle, time)
    _ = try check("sd_journal_seek_realtime_usec", result)
  }

  /// Goes to the next record; false at the end.
  public func next() throws(SystemError) -> Bool {
    // Safe because the call only changes the position of this handle.
    try check("sd_journal_next", unsafe sd_journal_next(handle)) > 0
  }

  /// Goes to the previous record; false at the start.
  public func previous() throws(SystemError) -> Bool {
    // Safe because the call only changes the position of this handle.
    try check("sd_journal_previous", unsafe sd_journal_previous(handle)) > 0
  }

  /// Goes to the end, and returns the number of records on the way.
  public func countRest() throws(SystemError) -> Int {
    var count = 0
    while true {
      // Safe because the call only changes the position of this handle.
      let step = unsafe sd_journal_next_skip(handle, UInt64(Int32.max))
      let skipped = Int(try check("sd_journal_next_skip", step))
      count += skipped
      if skipped < Int(Int32.max) { return count }
    }
  }

  /// The time of the record, in microseconds since 1970.
  public var time: UInt64 {
    get throws(SystemError) {
      var time: UInt64 = 0
      // Safe because the call writes only to the number that is its own.
      let result = unsafe sd_journal_get_realtime_usec(handle, &time)
      _ = try check("sd_journal_get_realtime_usec", result)
      return time
    }
  }

  /// Calls `body` with each field of the record, `NAME=value`. Fields that cannot be read, such as those compressed in
  /// an unknown way, are skipped.
  public func forEachField(_ body: (Span<UInt8>) -> Void) {
    // Safe because the bytes are valid until the next call, and a span cannot outlive `body`.
    unsafe sd_journal_restart_data(handle)
    var (data, length): (UnsafeRawPointer?, Int) = (nil, 0)
    while unsafe sd_journal_enumerate_available_data(handle, &data, &length) > 0 {
      guard let start = unsafe data else { continue }
      let bytes = unsafe UnsafeRawBufferPointer(start: start, count: length)
      body(unsafe Span(_unsafeBytes: bytes))
    }
  }

  /// Calls `body` with each value that a field has in any record, whatever the matches, until it returns false.
  public func forEachValue(
    of field: String, _ body: (Span<UInt8>) -> Bool
  ) throws(SystemError) {
    // Safe because the name is copied, the bytes are valid until the next call, and a span cannot outlive `body`.
    _ = try check("sd_journal_query_unique", unsafe sd_journal_query_unique(handle, field))
    unsafe sd_journal_restart_unique(handle)
    var (data, length): (UnsafeRawPointer?, Int) = (nil, 0)
    while unsafe sd_journal_enumerate_available_unique(handle, &data, &length) > 0 {
      guard let start = unsafe data else { continue }
      let all = unsafe Span(
        _unsafeStart: start.assumingMemoryBound(to: UInt8.self), count: length)
      let prefix = field.utf8.count + 1
      if prefix <= length, !body(all.extracting(droppingFirst: prefix)) { return }
    }
  }

  /// Waits until the journal changes, at most for a time in microseconds.
  ///
  /// journald tells of changes at most every 250 ms, so a short time and an unconditional ``next()`` see a record
  /// earlier. Files that were rotated or are new are taken up here.
  public func wait(atMost microseconds: UInt64) throws(SystemError) {
    // Safe because the call only waits, and reads the journal of this handle.
    _ = try check("sd_journal_wait", unsafe sd_journal_wait(handle, microseconds))
  }
}
