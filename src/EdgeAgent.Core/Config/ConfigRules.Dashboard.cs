namespace EdgeAgent.Core.Config;

internal sealed partial class ConfigRules
{
    private void CheckDashboard(DashboardConfig? dashboard)
    {
        if (dashboard is null)
        {
            return;
        }
        if (!DashboardConfig.IsAddress(dashboard.Listen))
        {
            Add("$.dashboard.listen", "bad-value", $"\"{dashboard.Listen}\" is not an IP address; give 127.0.0.1 for this box alone, or the address of one of its network cards.");
        }
        Range(dashboard.Port, 0, 65_535, "$.dashboard.port");
        if (dashboard.Otlp is string otlp
            && !(Uri.TryCreate(otlp, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0))
        {
            Add("$.dashboard.otlp", "bad-value", $"\"{otlp}\" is not an address like http://127.0.0.1:4318; user and password do not belong in it.");
        }
        Range(dashboard.OtlpSeconds, 5, 3600, "$.dashboard.otlpSeconds");
    }
}
