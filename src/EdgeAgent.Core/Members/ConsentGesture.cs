using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Members;

/// <summary>What counts as asking to be recognised. One rule for the shop and for whoever reads a recording ahead.</summary>
public static class ConsentGesture
{
    /// <summary>The gesture that a pin means, or null: a configured button, going down.</summary>
    public static ShopInput.ConsentGiven? Of(FacesConfig? faces, ShopInput.PinChanged pin) =>
        pin.High && Find(faces, pin) is GestureConfig gesture ? new ShopInput.ConsentGiven(pin.At, gesture.Zone, faces!.GestureSeconds) : null;

    /// <summary>Whether the pin belongs to a configured button, whichever way it went.</summary>
    public static bool IsButton(FacesConfig? faces, ShopInput.PinChanged pin) => Find(faces, pin) is not null;

    private static GestureConfig? Find(FacesConfig? faces, ShopInput.PinChanged pin)
    {
        for (int i = 0; i < faces?.Gestures.Count; i++)
        {
            GestureConfig gesture = faces.Gestures[i];
            if (gesture.Reader == pin.Reader && gesture.Port == pin.Port)
            {
                return gesture;
            }
        }
        return null;
    }
}
