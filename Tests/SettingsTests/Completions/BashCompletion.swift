import Settings
import TestKit

/// The bash completion of `echoscpd`. It does not use the package bash-completion, so that it works the same with
/// and without it.
enum BashCompletion {
  /// The whole file.
  static var text: String {
    """
    # bash completion for echoscpd(8).
    # Generated from the table of settings by `make texts`; do not edit.

    _echoscpd()
    {
      local IFS=$' \\t\\n' current=${COMP_WORDS[COMP_CWORD]} option='' prefix='' attached='' word
      local previous=${COMP_WORDS[COMP_CWORD - 1]} takes='' words='' dashes=-
      local options='
    \(lines(of: CommandLineOption.all.flatMap(\.usualNames)))
      '
      local names='
    \(lines(of: CommandLineOption.all.flatMap(\.plainNames)))
      '
      COMPREPLY=()
      for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        [[ $word == -- ]] && return
      done

      # A value follows a space or an equals sign. The latter is a separate word, unless it was
      # removed from COMP_WORDBREAKS.
      if [[ $current == -*=* ]]; then
        attached=yes option=${current%%=*} prefix=${current%%=*}= current=${current#*=}
      elif [[ $current == = ]]; then
        attached=yes option=$previous current=''
      elif [[ $previous != = ]]; then
        option=$previous
      elif [[ -z $COMP_LINE || ${COMP_LINE:0:COMP_POINT} == *"=$current" ]]; then
        attached=yes option=${COMP_WORDS[COMP_CWORD - 2]}
      fi
      [[ $option == -* ]] || option=''
      option=${option#-}

      case ${option#-} in
    \(CommandLineOption.all.map(pattern).joined())  esac

      case $takes in
        file)
          mapfile -t COMPREPLY < <(compgen -P "$prefix" -f -- "$current")
          # Leave quoted names and names with a tilde to readline.
          [[ $prefix ]] || compopt -o filenames -o default 2>/dev/null
          return
          ;;
        words) mapfile -t COMPREPLY < <(compgen -P "$prefix" -W "$words" -- "$current") ;;
      esac
      [[ -z $takes && -z $attached && $current == -* ]] || return

      mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
      ((${#COMPREPLY[@]})) && return
      # Every name may have one dash or two.
      [[ $current == --* ]] && dashes=--
      mapfile -t COMPREPLY < <(compgen -P "$dashes" -W "$names" -- "${current#"$dashes"}")
    }

    complete -F _echoscpd echoscpd

    """
  }

  /// Returns the case for an option with a value.
  private static func pattern(_ option: CommandLineOption) -> String {
    let names = option.plainNames.joined(separator: " | ")
    switch Completion(option) {
    case .nothing: return ""
    case .anything: return "    \(names)) takes=anything ;;\n"
    case .file: return "    \(names)) takes=file ;;\n"
    case .words(let words): return "    \(names)) takes=words words=\(quoted(words)) ;;\n"
    case .attachedWords(let words):
      return "    \(names)) [[ $attached ]] && takes=words words=\(quoted(words)) ;;\n"
    }
  }

  private static func quoted(_ words: [String]) -> String {
    "'\(words.joined(separator: " ").replacing("'", with: "'\\''"))'"
  }

  private static func lines(of words: [String]) -> String {
    let lines = Paragraph.lines(of: words.joined(separator: " "), width: 90)
    return lines.map { "    \($0)" }.joined(separator: "\n")
  }
}
