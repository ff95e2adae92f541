/** How the parser reads a command line and shows it; one copy, so that what is proposed is also taken. */
export const PARSER_CONFIG = {
  name: "agentnet",
  scanner: {
    caseStyle: "allow-kebab-for-camel",
    allowArgumentEscapeSequence: true,
  },
  documentation: { disableAnsiColor: true },
} as const;
