/// What is known of records for which a queue had no room.
struct DroppedRecords: Equatable {
  /// What they would have been filed under.
  let catalogID: CatalogID
  /// The least grave that they were.
  let priority: Priority
  /// How many they were.
  let count: UInt64
}
