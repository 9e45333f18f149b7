/// Whose turn it is where not all clients do something at once, but a few at a time.
struct Turns {
  /// The client whose turn comes next.
  var next = 0
  /// How many have their turn now.
  var current = 0
  /// How many have had it, and done well.
  var succeeded = 0
}
