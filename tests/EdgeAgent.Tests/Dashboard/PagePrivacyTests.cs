using System.Collections;
using System.Reflection;
using System.Text;
using EdgeAgent.Core;
using EdgeAgent.Core.Gate;
using EdgeAgent.Core.Members;
using EdgeAgent.Dashboard;
using EdgeAgent.Tests.Architecture;
using EdgeAgent.Vision.Overlay;

namespace EdgeAgent.Tests.Dashboard;

/// <summary>Nothing personal on the page: by its types, and in every byte that it answered.</summary>
public class PagePrivacyTests
{
    [Fact]
    public void What_the_page_answers_has_no_place_for_a_visit_a_member_a_tag_or_a_picture()
    {
        HashSet<Type> said = Reach([typeof(PageView), typeof(PageHealth), typeof(PlanView), typeof(TriedView), typeof(SavedView)]);

        Assert.Contains(typeof(EdgeAgent.Core.Today.BagNow), said);
        Assert.All(
            [typeof(VisitId), typeof(MemberRef), typeof(Epc), typeof(ItemIdentity), typeof(Appearance), typeof(PersonSeen), typeof(TagEvidence), typeof(Guid), typeof(byte[]), typeof(float[]), typeof(Stream)],
            secret => Assert.DoesNotContain(secret, said));
        // And nothing else is ever written as JSON there.
        Assert.Equal(5, typeof(PageJson).GetCustomAttributes<System.Text.Json.Serialization.JsonSerializableAttribute>().Count());
    }

    [Fact]
    public async Task No_answer_holds_the_id_of_a_visit_a_member_or_a_tag()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        DateTimeOffset at = page.Inputs[^1].At;
        page.Board.Take(new ShopInput.Tick(at), [new ShopEvent.MemberArrived(at, "desk", new MemberRef("member-4711"))]);
        string camera = page.Config.Cameras[0].Id;
        var said = new StringBuilder();
        string[] paths = ["/", "/enter.html", "/app.js", "/editor.js", "/dom.js", "/charts.js", "/page.css", "/icon.svg", "/healthz", "/metrics", "/api/now", $"/api/cameras/{camera}/plan", $"/api/cameras/{camera}/view", "/nothing"];
        foreach (string path in paths)
        {
            using HttpResponseMessage answer = await page.GetAsync(path);
            said.Append(answer.Headers).Append(Encoding.Latin1.GetString(await answer.Content.ReadAsByteArrayAsync()));
        }
        using (HttpResponseMessage tried = await page.PostAsync($"/api/cameras/{camera}/try", """{"lines":[],"zones":[]}"""))
        {
            said.Append(await tried.Content.ReadAsStringAsync());
        }
        string all = said.ToString();

        List<string> secrets = ["member-4711"];
        foreach (TagRead read in page.Inputs.OfType<ShopInput.TagsRead>().SelectMany(t => t.Reads))
        {
            secrets.Add(read.Epc.ToHex());
            secrets.Add(EdgeAgent.Rfid.Epcs.EpcIdentity.Identify(read.Epc).Serial is { Length: > 3 } serial ? serial : read.Epc.ToHex());
        }
        foreach (ShopEvent.VisitStarted visit in page.Happenings.Select(h => h.Event).OfType<ShopEvent.VisitStarted>())
        {
            secrets.AddRange([visit.Visit.Value.ToString("N"), visit.Visit.Value.ToString("D")]);
        }
        foreach (Happening happening in page.Happenings)
        {
            secrets.Add(happening.Egress.Id.ToString());
            if (System.Text.Json.JsonElement.Parse(happening.Egress.Envelope.Span).GetProperty("data").TryGetProperty("visit", out System.Text.Json.JsonElement pseudonym) && pseudonym.GetString() is string name)
            {
                secrets.Add(name);
            }
        }
        Assert.True(secrets.Count > 20);
        Assert.Contains("00614141000", all, StringComparison.Ordinal); // a product is no secret: the scan sees bags
        Assert.All(secrets.Distinct(), secret => Assert.DoesNotContain(secret, all, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void The_page_has_no_way_to_change_anything_in_a_running_agent()
    {
        string[] hands = ["ShopSources", "Outbox", "MqttLink", "Publisher", "ConfigSync", "ConfigSwap", "ConfigStore", "MemberStore", "OtaRoom", "CommandDesk", "ShopFloor"];
        var uses = Il.Uses(typeof(PageServer).Assembly).Where(use => use.In.Namespace == "EdgeAgent.Dashboard").Select(use => use.Uses as Type ?? use.Uses.DeclaringType).OfType<Type>().ToList();

        Assert.NotEmpty(uses);
        Assert.DoesNotContain(uses, used => hands.Contains(used.Name) || used.Name.StartsWith("ChannelWriter", StringComparison.Ordinal));
    }

    [Fact]
    public void A_camera_is_shown_by_its_veiled_view_and_only_that_makes_one()
    {
        ConstructorInfo made = typeof(VeiledPicture).GetConstructors().Single();
        Assert.Equal([typeof(VeiledView)], Il.Uses(typeof(VeiledView).Assembly).Concat(Il.Uses(typeof(Agent).Assembly)).Where(use => use.Uses.Equals(made)).Select(use => use.In).Distinct());
        Assert.DoesNotContain(
            Il.Uses(typeof(PageServer).Assembly).Where(use => use.In.Namespace == "EdgeAgent.Dashboard"),
            use => (use.Uses as Type ?? use.Uses.DeclaringType) is { Namespace: "EdgeAgent.Vision" or "EdgeAgent.Vision.Cameras" or "EdgeAgent.Vision.Imaging" or "EdgeAgent.Vision.Faces" });
    }

    /// <summary>All types that values of these can hold.</summary>
    private static HashSet<Type> Reach(IEnumerable<Type> from)
    {
        var seen = new HashSet<Type>();
        var open = new Queue<Type>(from);
        while (open.TryDequeue(out Type? type))
        {
            if (!seen.Add(type) || (type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true && !type.IsGenericType))
            {
                continue;
            }
            foreach (Type inner in type.IsGenericType ? type.GetGenericArguments() : [.. type.GetProperties().Select(p => p.PropertyType).Where(t => !typeof(IEnumerator).IsAssignableFrom(t))])
            {
                open.Enqueue(inner);
            }
        }
        return seen;
    }
}
