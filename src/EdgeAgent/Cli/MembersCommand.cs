using System.CommandLine;
using System.Globalization;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Members;
using EdgeAgent.Members;
using EdgeAgent.Signing;
using EdgeAgent.Vision.Faces;
using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent members consent | enroll | list | erase | check</c>.</summary>
internal static class MembersCommand
{
    public static Command Create()
    {
        var state = new Option<string>("--state")
        {
            Description = "The agent's state folder, which holds the members.", HelpName = "DIR", DefaultValueFactory = _ => "state", Recursive = true,
        };
        var models = new Option<string?>("--models") { Description = "Folder of the model files; $EDGE_MODELS, else ./models.", HelpName = "DIR", Recursive = true };
        var config = new Option<string?>("--config")
        {
            Description = "The store's configuration, whose face models are used; else the first of the manifest whose files are there.", HelpName = "FILE", Recursive = true,
        };
        var reference = new Argument<string>("REFERENCE") { Description = "The store's opaque reference of the member: 1 to 32 of a-z, 0-9 and -; never a name." };
        var pictures = new Argument<string[]>("PICTURE") { Description = "JPEG or PNG pictures of the face from the front; three of different days are best.", Arity = ArgumentArity.OneOrMore };
        var trust = new Option<string?>("--trust") { Description = "Folder of the public keys whose consents are believed; trust in the state folder.", HelpName = "DIR", Recursive = true };
        var consent = new Option<string?>("--consent") { Description = "The member's signed consent; without it the one that consent.grant brought.", HelpName = "FILE" };

        var enroll = new Command("enroll", "Makes an encrypted template from pictures of one member who agreed. The pictures are not kept.") { reference, pictures, consent };
        enroll.SetAction(result => Enrol(
            Open(result), result.GetRequiredValue(reference), result.GetValue(pictures)!, result.GetValue(consent), Place(result)));
        var list = new Command("list", "Shows the members by reference, until when each agreed, and whether the template can be used.");
        list.SetAction(result => List(Open(result), Place(result)));
        var erase = new Command("erase", "Destroys a member's key and template; a running agent forgets the member within seconds.") { reference };
        erase.SetAction(result => Erase(result.GetRequiredValue(reference), Place(result)));
        var check = new Command("check", "Shows the faces in pictures and whether each is good enough to be enrolled. Keeps nothing.") { pictures };
        check.SetAction(result => Check(Open(result), result.GetValue(pictures)!));

        return new Command("members", "Members who agreed to be recognised in opt-in zones: consents, enrol, list, erase.") { state, trust, models, config, ConsentCommand.Create(), enroll, list, erase, check }
            .WithExamples(
                """
                edge-agent members consent m-4711 --text notice.txt --until 2027-12-31 --key desk.key.pem --out m-4711.json
                edge-agent members enroll m-4711 front.jpg smile.jpg --consent m-4711.json --state /var/lib/edge-agent --models /var/lib/edge-agent/models
                edge-agent members erase m-4711 --state /var/lib/edge-agent
                What is kept and what is never done: docs/members.md.
                """);

        Tools Open(ParseResult result)
        {
            var store = new ModelStore(result.GetValue(models));
            ModelsConfig chosen = result.GetValue(config) is string file ? ConfigFile.Load(file).Models : new ModelsConfig();
            return new Tools(store, store.ForEnrolment(chosen));
        }

        Ledger Place(ParseResult result) => new(
            result.GetRequiredValue(state), TrustedKeys.ForConsents(result.GetValue(trust) ?? Path.Combine(result.GetRequiredValue(state), "trust")));
    }

    private static int Enrol(Tools tools, string text, IReadOnlyList<string> pictures, string? consentFile, Ledger ledger)
    {
        MemberRef reference = Reference(text);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using TrustedKeys trusted = ledger.Trusted;
        var store = new MemberStore(ledger.State, Randomness.System, trusted);
        Consent consent = ConsentCommand.Find(consentFile, reference, store, trusted, now);
        using FaceEnroller enroller = FaceEnroller.Open(tools.Config, tools.Models.Catalog, tools.Models.Folder);
        var enrolment = new Enrolment(enroller);
        foreach (string picture in pictures)
        {
            enrolment.Add(picture);
        }
        FaceTemplate face = enrolment.Finish();
        try
        {
            foreach ((MemberRef other, float resemblance) in enrolment.TooAlike(face, reference, store.Load(now, tools.VectorsSha256)))
            {
                Terminal.Error(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Warning: {reference} resembles {other} by {resemblance:0.00}; the two may be taken for neither or for each other. Make sure that they are two persons, and add better pictures of both."));
            }
            store.Save(new StoredMember(consent, now, enrolment.Used, tools.VectorsSha256, face));
        }
        finally
        {
            face.Wipe();
        }
        Terminal.Line($"{reference} is enrolled from {enrolment.Used} of {pictures.Count} pictures until {Day(consent.Expires)}. The pictures are not kept here; delete yours.");
        return ExitCode.Ok;
    }

    private static int List(Tools tools, Ledger ledger)
    {
        using TrustedKeys trusted = ledger.Trusted;
        LoadedMembers loaded = new MemberStore(ledger.State, Randomness.System, trusted).Load(TimeProvider.System.GetUtcNow(), tools.VectorsSha256);
        var rows = new List<string[]>();
        foreach (StoredMember member in loaded.Usable)
        {
            rows.Add([member.Member.Value, Day(member.EnrolledAt), Day(member.ConsentUntil), member.Pictures.ToString(CultureInfo.InvariantCulture), "good"]);
            member.Face.Wipe();
        }
        rows.AddRange(loaded.Waiting.Select(consent => new[] { consent.Member.Value, "-", Day(consent.Expires), "-", "agreed, not enrolled" }));
        rows.AddRange(loaded.Expired.Select(consent => new[] { consent.Member.Value, "?", Day(consent.Expires), "?", "ended: not loaded, a running agent erases it" }));
        rows.AddRange(loaded.Unusable.Select(member => new[] { member.Value, "?", "?", "?", "of another model or key, without a consent that counts, or damaged: enrol anew" }));
        Terminal.Table(["member", "enrolled", "consent until", "pictures", "state"], rows.OrderBy(row => row[0], StringComparer.Ordinal), 3);
        return ExitCode.Ok;
    }

    private static int Erase(string text, Ledger ledger)
    {
        MemberRef reference = Reference(text);
        using TrustedKeys trusted = ledger.Trusted;
        if (!new MemberStore(ledger.State, Randomness.System, trusted).Erase(reference, TimeProvider.System.GetUtcNow()).Anything)
        {
            throw new MemberException($"There is no member {reference} in {ledger.State}; `members list` shows those there are.");
        }
        Terminal.Line($"{reference} is erased: key, template and consent are overwritten and removed, and this consent is not taken again. Copies in backups are not: delete those.");
        return ExitCode.Ok;
    }

    private static int Check(Tools tools, IReadOnlyList<string> pictures)
    {
        using FaceEnroller enroller = FaceEnroller.Open(tools.Config, tools.Models.Catalog, tools.Models.Folder);
        var rows = new List<string[]>();
        int bad = 0;
        foreach (string picture in pictures)
        {
            try
            {
                IReadOnlyList<PictureFace> faces = enroller.Check(picture);
                rows.AddRange(faces.Select(face => new[]
                {
                    picture, $"{face.X}, {face.Y}", face.SizePx.ToString(CultureInfo.InvariantCulture), face.Score.ToString("0.00", CultureInfo.InvariantCulture),
                    face.Problem ?? "good",
                }));
                if (faces.Count == 0)
                {
                    rows.Add([picture, "-", "-", "-", "no face"]);
                }
            }
            catch (PictureException wrong)
            {
                Terminal.Error(wrong.Message);
                bad++;
            }
        }
        Terminal.Table(["picture", "middle", "size", "score", "result"], rows, 2, 3);
        return bad == 0 ? ExitCode.Ok : ExitCode.Member;
    }

    internal static MemberRef Reference(string text) =>
        MemberRef.IsValid(text)
            ? new MemberRef(text)
            : throw new MemberException($"\"{text}\" is no reference: 1 to 32 of a-z, 0-9 and -. Take the number of the member's card or account, never a name.");

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Where the members of this call are, and who may say that they agreed.</summary>
    private sealed record Ledger(string State, TrustedKeys Trusted);

    /// <summary>The models of this call.</summary>
    private sealed record Tools(ModelStore Models, ModelsConfig Config)
    {
        public string VectorsSha256 => Models.Catalog.Find(Config.FaceVectors!, "face-vector").Sha256;
    }
}
