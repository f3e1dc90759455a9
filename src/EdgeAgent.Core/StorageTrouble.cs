namespace EdgeAgent.Core;

/// <summary>Why the box cannot keep what it should, or could not. A closed list: free text never leaves the box.</summary>
public enum StorageTrouble
{
    /// <summary>The disk is full: the outbox lives on its reserve and lets the lowest lane go.</summary>
    DiskFull,

    /// <summary>The file system has turned read-only.</summary>
    ReadOnly,

    /// <summary>The disk answers with errors, or is not there.</summary>
    Failing,

    /// <summary>The disk has not taken anything for some seconds.</summary>
    Slow,

    /// <summary>The outbox file was damaged and put aside; what could be read of it was taken over.</summary>
    Quarantined,

    /// <summary>The outbox's log was gone or was another file's: the last events before the start may be missing.</summary>
    LogLost,

    /// <summary>The agent ended badly too often and runs without its cameras and readers for a while.</summary>
    SafeMode,

    /// <summary>The process has nearly as many files open as it may.</summary>
    OpenFiles,
}
