/**
 * The line by which a host gets this very build, such as `npx -y @scope/agentnet@1.2.3`; undefined where the build has
 * no such place. Never the npm name without a scope: that is somebody else's.
 */
export const INSTALL_LINE: string | undefined = undefined;
