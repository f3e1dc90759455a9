using System.Runtime.Versioning;

// The agent runs on Linux, and so do its tests: file modes, /proc and signals.
[assembly: SupportedOSPlatform("linux")]
