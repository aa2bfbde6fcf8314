Attribute VB_Name = "IkuBerkas"
Option Explicit

' Small files in the user's private folder. On Windows by Scripting.FileSystemObject: it takes any letter in a path
' and writes UTF-16, where VBA's own Open and Print know the ANSI code page only. Elsewhere by Basic's own statements.
' A stream is closed when nothing holds it any more.
' Never TEMP or AppData: a Python from the Store sees other folders there than Excel does.

Public Function PrivateFolder() As String
    If IkuLuar.OnWindows() Then
        PrivateFolder = IkuLuar.Environment("USERPROFILE") & "\.iku-excel"
    Else
        PrivateFolder = IkuLuar.Environment("HOME") & "/.iku-excel"
    End If
End Function

' The beginning of the names of one click's files: fresh, so that nothing is overwritten.
Public Function NewStem() As String
    Dim Separator As String
    Dim Number As Long
    Dim Result As String
    Separator = "/"
    If IkuLuar.OnWindows() Then Separator = "\"
    MakeFolder PrivateFolder()
    Randomize
    Do
        Number = Int(Rnd * 1000000)
        Result = PrivateFolder() & Separator & "permintaan-" & _
            Replace(Replace(Moment(), ":", ""), "-", "") & "-" & Number
    Loop While Exists(Result & ".ini")
    NewStem = Result
End Function

' Now, the same in every locale: Format would put the locale's own signs between the digits.
Public Function Moment() As String
    Dim T As Date
    T = Now
    Moment = Year(T) & "-" & Two(Month(T)) & "-" & Two(Day(T)) & "T" & _
        Two(Hour(T)) & ":" & Two(Minute(T)) & ":" & Two(Second(T))
End Function

Private Function Two(ByVal Number As Long) As String
    Two = Right("0" & CStr(Number), 2)
End Function

Private Sub MakeFolder(ByVal Path As String)
    If IkuLuar.OnWindows() Then
        If Not IkuLuar.FileSystem().FolderExists(Path) Then IkuLuar.FileSystem().CreateFolder Path
    ElseIf Dir(Path, 16) = "" Then
        IkuPython.RunShell "/bin/mkdir", "-m 700 """ & Path & """", Path & "/mkdir.sta"
        Remove Path & "/mkdir.sta"
    End If
End Sub

Public Function Exists(ByVal Path As String) As Boolean
    If IkuLuar.OnWindows() Then
        Exists = IkuLuar.FileSystem().FileExists(Path)
    Else
        Exists = (Dir(Path) <> "")
    End If
End Function

Public Sub WriteText(ByVal Path As String, ByVal Text As String)
    Dim Stream As Object
    Dim Number As Integer
    If IkuLuar.OnWindows() Then
        Set Stream = IkuLuar.FileSystem().CreateTextFile(Path, True, True)
        Stream.WriteLine Text
        Set Stream = Nothing
    Else
        Number = FreeFile
        Open Path For Output As #Number
        Print #Number, Text
        Close #Number
    End If
End Sub

' Lines are given back with vbLf between them.
Public Function ReadText(ByVal Path As String) As String
    Dim Stream As Object
    Dim Number As Integer
    Dim Line1 As String
    Dim Result As String
    If IkuLuar.OnWindows() Then
        Set Stream = IkuLuar.FileSystem().OpenTextFile(Path, 1)
        If Not Stream.AtEndOfStream Then Result = Stream.ReadAll
        Set Stream = Nothing
        Result = Replace(Result, vbCrLf, vbLf)
    Else
        Number = FreeFile
        Open Path For Input As #Number
        Do While Not EOF(Number)
            Line Input #Number, Line1
            If Result <> "" Then Result = Result & vbLf
            Result = Result & Line1
        Loop
        Close #Number
    End If
    ReadText = Result
End Function

Public Sub Remove(ByVal Path As String)
    On Error Resume Next
    If Not Exists(Path) Then Exit Sub
    If IkuLuar.OnWindows() Then
        IkuLuar.FileSystem().DeleteFile Path, True
    Else
        Kill Path
    End If
End Sub
