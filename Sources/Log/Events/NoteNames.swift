public import UpperLayer

extension Notes {
  /// The stable words for them, in the order of their bits.
  public var names: [String] { Self.all.filter { contains($0.note) }.map(\.name) }

  /// Every note with its word.
  public static let all: [(note: Notes, name: String)] = [
    (.calledAETitleDiffers, "called-ae-title-differs"),
    (.aeTitlePadding, "ae-title-padding"),
    (.aeTitleBlank, "ae-title-blank"),
    (.uidPadding, "uid-padding"),
    (.contextIDEven, "context-id-even"),
    (.contextIDDuplicate, "context-id-duplicate"),
    (.noImplementationUID, "no-implementation-uid"),
    (.noImplementationVersion, "no-implementation-version"),
    (.itemOrder, "item-order"),
    (.groupLengthWrong, "group-length-wrong"),
    (.noAffectedSOPClass, "no-affected-sop-class"),
    (.elementsUnordered, "elements-unordered"),
    (.elementsUnknown, "elements-unknown"),
    (.oddFragment, "odd-fragment"),
    (.twoMessagesInAPDU, "two-messages-in-a-pdu"),
    (.releaseInsideMessage, "release-inside-message"),
    (.aeTitlesSwapped, "ae-titles-swapped"),
    (.aeTitlesEqual, "ae-titles-equal"),
    (.aeTitleCharacters, "ae-title-characters"),
  ]
}
