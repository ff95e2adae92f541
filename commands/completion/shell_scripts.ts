/** Shells that have a script. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = typeof SHELLS[number];

/** The script by which each shell asks `agentnet completion words` at its prompt. */
export const SHELL_SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# agentnet completion for bash: eval "$(agentnet completion bash)"
_agentnet() {
  local IFS=$'\\n'
  COMPREPLY=($(agentnet completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _agentnet agentnet
`,
  zsh: `#compdef agentnet
# agentnet completion for zsh, after compinit: eval "$(agentnet completion zsh)"
_agentnet() {
  local -a found
  found=("\${(@f)$(agentnet completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found[1]" ]]; then compadd -- $found; else _files; fi
}
if [[ "$funcstack[1]" = _agentnet ]]; then _agentnet "$@"; else compdef _agentnet agentnet; fi
`,
  fish: `# agentnet completion for fish: agentnet completion fish | source
function __agentnet_words
    set -l words (commandline -opc)
    agentnet completion words -- $words[2..-1] "$(commandline -ct)" 2>/dev/null
end
complete -c agentnet -f -a '(__agentnet_words)'
complete -c agentnet -n '__fish_prev_arg_in --file --limits --allow --deny --data-dir --data' -F
`,
};
