using EdgeAgent.Core;

namespace EdgeAgent.Vision.Codes;

/// <summary>What kind of code was read.</summary>
public enum CodeType { Ean13, Ean8, UpcA, UpcE, DataBar, DataBarExpanded, Code128, Qr }

/// <summary>One code in one picture.</summary>
/// <param name="Text">What it says, as the symbol has it.</param>
/// <param name="At">Its middle, in fractions of the picture.</param>
public readonly record struct CodeSeen(string Text, CodeType Type, Point At);

/// <summary>The library that reads codes is not there. The message says what to install.</summary>
public sealed class CodeReaderException(string message) : Exception(message);
