namespace EdgeAgent.Core;

/// <summary>Whose certificate a warning is about.</summary>
public enum CertificateOwner { Box, Broker }

/// <summary>What is wrong with a certificate, or will be. A closed list: free text never leaves the box.</summary>
public enum CertificateProblem
{
    /// <summary>Ends within 30 days, and said again at 7.</summary>
    ExpiresSoon,
    Expired,
    NotYetValid,

    /// <summary>The box's certificate names another box.</summary>
    OtherBox,

    /// <summary>The broker's certificate does not name the host that was called.</summary>
    WrongHost,

    /// <summary>The broker's certificate is of no CA that this box trusts.</summary>
    Untrusted,
}

/// <summary>How a second box with the same name was noticed.</summary>
public enum RivalEvidence
{
    /// <summary>The broker said that another client took over this one's session.</summary>
    TakenOver,

    /// <summary>A birth message on this box's topic that this box did not send.</summary>
    ForeignBirth,
}
