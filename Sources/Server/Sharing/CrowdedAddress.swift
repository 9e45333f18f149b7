import Linux

/// An address that has too many connections without an association.
struct CrowdedAddress {
  /// Whose they are.
  let key: AddressKey
  /// The turn of the one that is one too many: only older ones make room for it.
  let newest: PendingList.Turn
}
