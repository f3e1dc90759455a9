using EdgeAgent.Simulators.Brokers;

namespace EdgeAgent.Tests.Mqtt;

/// <summary>A fact that needs a real broker; skipped with a sentence where mosquitto is not installed.</summary>
public sealed class BrokerFactAttribute : FactAttribute
{
    public BrokerFactAttribute()
    {
        if (MosquittoBroker.Executable is null)
        {
            Skip = "mosquitto is not installed: apt-get install mosquitto libmosquitto1.";
        }
    }
}

/// <summary>The same with rows of data.</summary>
public sealed class BrokerTheoryAttribute : TheoryAttribute
{
    public BrokerTheoryAttribute() => Skip = new BrokerFactAttribute().Skip;
}
