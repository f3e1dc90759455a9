using System.Runtime.Versioning;

// As the agent: file modes, signals and sockets of Linux.
[assembly: SupportedOSPlatform("linux")]
