using System.Diagnostics;

namespace EdgeAgent.Core.Privacy;

/// <summary>What came of a command. A closed list: each word has its status and its sentence, and nothing else is ever said.</summary>
public enum AnswerWord
{
    Done,
    NothingToDo,
    UnderWay,
    BadRequest,
    RetainedRefused,
    RequestIdMissing,
    ExpiryMissing,
    ExpiryTooFar,
    NotAllowed,
    ConsentRefused,
    NotBelieved,
    UnknownCommand,
    UnknownTarget,
    NothingToReturnTo,
    Expired,
    IdReused,
    Contradiction,
    NotJson,
    Interrupted,
    TimedOut,
    Failed,
    Busy,
    NotAvailable,
}

/// <summary>The status and the sentence of each word.</summary>
public static class AnswerWords
{
    public static int Status(this AnswerWord word) => word switch
    {
        AnswerWord.Done or AnswerWord.NothingToDo => 200,
        AnswerWord.UnderWay => 202,
        AnswerWord.BadRequest or AnswerWord.RetainedRefused or AnswerWord.RequestIdMissing or AnswerWord.ExpiryMissing or AnswerWord.ExpiryTooFar => 400,
        AnswerWord.NotAllowed or AnswerWord.NotBelieved or AnswerWord.ConsentRefused => 403,
        AnswerWord.UnknownCommand or AnswerWord.UnknownTarget or AnswerWord.NothingToReturnTo => 404,
        AnswerWord.Expired => 408,
        AnswerWord.IdReused or AnswerWord.Contradiction => 409,
        AnswerWord.NotJson => 415,
        AnswerWord.Interrupted or AnswerWord.TimedOut or AnswerWord.Failed => 500,
        AnswerWord.Busy or AnswerWord.NotAvailable => 503,
        _ => throw new UnreachableException(),
    };

    /// <summary>Begins with the word itself, for machines.</summary>
    public static string Sentence(this AnswerWord word) => word switch
    {
        AnswerWord.Done => "done: the command was carried out.",
        AnswerWord.NothingToDo => "nothing-to-do: it was so already.",
        AnswerWord.UnderWay => "under-way: it has begun; its own topic tells how it goes on.",
        AnswerWord.BadRequest => "bad-request: the body does not fit the command's schema; data names each place.",
        AnswerWord.RetainedRefused => "retained-refused: a command is never retained; clear the retained message and send it without the flag.",
        AnswerWord.RequestIdMissing => "request-id-missing: name the request by CorrelationData or requestId.",
        AnswerWord.ExpiryMissing => "expiry-missing: say by MessageExpiryInterval or expiresAt until when it holds.",
        AnswerWord.ExpiryTooFar => "expiry-too-far: it may hold for a day at most.",
        AnswerWord.NotAllowed => "not-allowed: commands.allow of this box does not name it.",
        AnswerWord.ConsentRefused => "consent-refused: the consent does not count here; data says why.",
        AnswerWord.NotBelieved => "not-believed: nobody whom this box believes signed it for this store.",
        AnswerWord.UnknownCommand => "unknown-command: this box knows no command of that name.",
        AnswerWord.UnknownTarget => "unknown-target: this box has nothing of that name.",
        AnswerWord.NothingToReturnTo => "nothing-to-return-to: no model of that name came over the air and is in use.",
        AnswerWord.Expired => "expired: it came too late and was not carried out.",
        AnswerWord.IdReused => "id-reused: another command was sent under this name before; take a new one.",
        AnswerWord.Contradiction => "contradiction: something else is known already; data says what.",
        AnswerWord.NotJson => "not-json: the content type must be application/json.",
        AnswerWord.Interrupted => "interrupted: the agent ended while it was carried out; look what became of it before sending it again.",
        AnswerWord.TimedOut => "timed-out: it was not finished in its time; look what became of it before sending it again.",
        AnswerWord.Failed => "failed: it could not be carried out; the log of the box says why.",
        AnswerWord.Busy => "busy: too many commands wait; send it again later.",
        AnswerWord.NotAvailable => "not-available: this agent cannot do it yet, or not in this configuration.",
        _ => throw new UnreachableException(),
    };
}
