namespace EdgeAgent.Signing;

/// <summary>Why a signed document is not believed or not applied. The words are stable and leave the box as they are.</summary>
internal enum Refusal
{
    None,

    /// <summary>Not JSON, too long, or not the members that such a document has.</summary>
    Malformed,

    /// <summary>There is no <c>sig</c>.</summary>
    Unsigned,

    /// <summary>Signed with a key that this box does not trust.</summary>
    UnknownKey,

    /// <summary>The signature does not fit the document: it was changed after signing.</summary>
    BadSignature,

    /// <summary>Meant for another box.</summary>
    Audience,

    /// <summary>Not valid yet.</summary>
    NotBefore,

    /// <summary>Not valid any more.</summary>
    Expired,

    /// <summary>An older version, or the same version with other content, than this key has signed before.</summary>
    Stale,
}
