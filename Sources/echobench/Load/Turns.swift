/// Whose turn it is when clients do something a few at a time rather than all at once.
struct Turns {
  /// The client whose turn comes next.
  var next = 0
  /// The number of clients that have their turn now.
  var current = 0
  /// The number of clients whose turn went well.
  var succeeded = 0
}
